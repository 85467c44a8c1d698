package dev.prguard.review.model;

import java.net.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What happened on the wire in one attempt. LangChain4j hides the status, Retry-After and most of
/// the usage, so the HTTP client leaves them here. Used by one thread.
final class Exchange {
  /// The exchange of the attempt that runs in this thread.
  static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

  /// How a request ended without a whole answer.
  enum Broken {
    TIMEOUT,
    /// The address could not be reached: nothing was sent, nothing can be billed.
    UNREACHABLE,
    /// The connection broke before the head of the answer.
    RESET,
    /// The connection broke within the answer.
    CUT_OFF,
    TOO_BIG,
    CANCELLED
  }

  private final Duration timeout;
  private int status;
  private @Nullable HttpHeaders headers;
  private byte[] body = new byte[0];
  private @Nullable Broken broken;

  /// @param timeout longest wait for the whole answer
  Exchange(Duration timeout) {
    this.timeout = timeout;
  }

  Duration timeout() {
    return timeout;
  }

  void headArrived(int newStatus, HttpHeaders newHeaders) {
    status = newStatus;
    headers = newHeaders;
  }

  void bodyArrived(byte[] bytes) {
    body = bytes;
  }

  void broke(Broken how) {
    broken = how;
  }

  /// 0 when no answer came.
  int status() {
    return status;
  }

  boolean successful() {
    return status / 100 == 2;
  }

  @Nullable HttpHeaders headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  @Nullable Broken broken() {
    return broken;
  }
}
