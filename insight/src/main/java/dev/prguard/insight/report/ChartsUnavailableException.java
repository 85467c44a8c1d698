package dev.prguard.insight.report;

/// Charts cannot be drawn on this machine. The message is for the user, and says what to install.
public final class ChartsUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChartsUnavailableException(Throwable cause) {
    super(
        "charts cannot be drawn, because Java finds no fonts here: install fontconfig and a font"
            + " (Debian: apt-get install fontconfig fonts-dejavu-core), or ask for --format"
            + " csv,json,md",
        cause);
  }
}
