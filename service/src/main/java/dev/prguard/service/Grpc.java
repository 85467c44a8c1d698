package dev.prguard.service;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What gRPC puts around messages: a byte that says whether a message is packed, four of length,
/// and the bytes; the status comes in trailers. Armeria's own unary service refuses packed
/// messages, which is how collectors send, and its full one needs generated stubs.
final class Grpc {
  static final int OK = 0;
  static final int INVALID_ARGUMENT = 3;
  static final int DEADLINE_EXCEEDED = 4;
  static final int RESOURCE_EXHAUSTED = 8;
  static final int UNIMPLEMENTED = 12;
  static final int INTERNAL = 13;
  static final int UNAVAILABLE = 14;

  private static final int PREFIX_BYTES = 5;

  private Grpc() {}

  /// A call that ends with a status other than OK.
  static final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int status;

    StatusException(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  static boolean isCall(HttpRequest req) {
    MediaType type = req.contentType();
    return type != null
        && type.type().equals("application")
        && type.subtype().startsWith("grpc")
        && !type.subtype().startsWith("grpc-web");
  }

  /// Whether messages of this call can be read.
  static boolean hasKnownEncoding(HttpRequest req) {
    String encoding = req.headers().get("grpc-encoding", "identity");
    return encoding.equals("identity") || encoding.equals("gzip");
  }

  static HttpResponse unknownEncoding(HttpRequest req) {
    return drained(req, status(UNIMPLEMENTED, "unsupported encoding (expected: gzip)"));
  }

  /// An answer before the end of the request would reset the stream, and be lost.
  static HttpResponse drained(HttpRequest req, HttpResponse answer) {
    return HttpResponse.of(req.subscribe().handle((_, _) -> answer));
  }

  /// The one message of a request, unpacked.
  ///
  /// @throws StatusException when there is not just one
  /// @throws Inflated.TooLargeException when it is larger than `maxBytes`
  static byte[] message(byte[] body, int maxBytes) {
    if (body.length < PREFIX_BYTES) {
      throw new StatusException(INTERNAL, "the message is not whole");
    }
    ByteBuffer prefix = ByteBuffer.wrap(body);
    boolean packed = prefix.get() == 1;
    int length = prefix.getInt();
    if (length < 0 || length != body.length - PREFIX_BYTES) {
      throw new StatusException(INTERNAL, "the message is not whole");
    }
    byte[] message = Arrays.copyOfRange(body, PREFIX_BYTES, body.length);
    return packed ? Inflated.gzip(message, maxBytes) : message;
  }

  static HttpResponse messages(List<byte[]> messages) {
    List<HttpObject> answer = new ArrayList<>(messages.size() + 2);
    answer.add(headers());
    for (byte[] message : messages) {
      ByteBuffer frame = ByteBuffer.allocate(PREFIX_BYTES + message.length);
      frame.put((byte) 0).putInt(message.length).put(message);
      answer.add(HttpData.wrap(frame.array()));
    }
    answer.add(HttpHeaders.of("grpc-status", Integer.toString(OK)));
    return HttpResponse.of(answer.toArray(HttpObject[]::new));
  }

  static HttpResponse status(int status, String message) {
    return trailers(statusTrailers(status, message));
  }

  /// No message, and these trailers.
  static HttpResponse trailers(HttpHeaders trailers) {
    return HttpResponse.of(headers(), HttpData.empty(), trailers);
  }

  static HttpHeaders statusTrailers(int status, String message) {
    return HttpHeaders.of(
        "grpc-status",
        Integer.toString(status),
        "grpc-message",
        URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private static ResponseHeaders headers() {
    return ResponseHeaders.of(
        HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, "application/grpc+proto");
  }
}
