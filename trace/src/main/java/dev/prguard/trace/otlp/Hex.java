package dev.prguard.trace.otlp;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/// Ids: bytes in OTLP, lower-case hexadecimal digits in a SpanRecord.
final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  static ByteString bytes(String digits) {
    return ByteString.copyFrom(FORMAT.parseHex(digits));
  }

  static String text(ByteString bytes) {
    return FORMAT.formatHex(bytes.toByteArray());
  }
}
