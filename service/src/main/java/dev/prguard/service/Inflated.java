package dev.prguard.service;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/// Unpacks gzip up to a limit, so that a small body cannot become a large one.
final class Inflated {
  private Inflated() {}

  /// The body is larger than the limit.
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(long limit) {
      super("the body is larger than " + limit + " bytes", null, false, false);
    }
  }

  static byte[] gzip(byte[] packed, int limit) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 8192)) {
      ByteArrayOutputStream out =
          new ByteArrayOutputStream(Math.clamp(packed.length * 4L, 64, limit));
      byte[] buffer = new byte[16 << 10];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (out.size() + read > limit) {
          throw new TooLargeException(limit);
        }
        out.write(buffer, 0, read);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new OtlpJson.MalformedException("not gzip: " + e.getMessage());
    }
  }
}
