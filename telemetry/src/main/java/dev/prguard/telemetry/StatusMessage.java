package dev.prguard.telemetry;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// The text of a google.rpc.Status, the body of an OTLP error. Read by hand: its generated class is
/// in a library of its own.
final class StatusMessage {
  private static final int MESSAGE_TAG = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private StatusMessage() {}

  /// @return empty when there is none
  static String of(byte[] status) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(status);
    String message = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == MESSAGE_TAG) {
        message = in.readStringRequireUtf8();
      } else {
        in.skipField(tag);
      }
    }
    return message;
  }
}
