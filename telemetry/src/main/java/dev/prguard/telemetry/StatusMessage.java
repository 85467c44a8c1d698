package dev.prguard.telemetry;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a `google.rpc.Status` says: the body of an OTLP/HTTP error, a trailer of a gRPC one.
final class StatusMessage {
  private StatusMessage() {}

  /// @return empty when there is none
  static String of(byte[] status) throws InvalidProtocolBufferException {
    return Status.parseFrom(status).getMessage();
  }

  /// How long the receiver asks to wait; null when it does not say.
  static @Nullable Duration retryDelay(byte[] status) {
    try {
      for (Any detail : Status.parseFrom(status).getDetailsList()) {
        if (detail.is(RetryInfo.class)) {
          com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
          Duration wait = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
          return wait.isNegative() ? Duration.ZERO : wait;
        }
      }
    } catch (InvalidProtocolBufferException | ArithmeticException e) {
      // Nothing that could be understood.
    }
    return null;
  }
}
