package dev.prguard.telemetry;

import org.jspecify.annotations.Nullable;

/// What became of the spans that ended. Where a receiver is set, each ended span is in exactly one
/// of delivered, rejected, kept and lost.
///
/// @param recorded spans in the local store, on disk
/// @param delivered spans that the receiver acknowledged
/// @param rejected spans that the receiver refused for good
/// @param kept spans that the receiver did not acknowledge and the local store has
/// @param lost spans that neither has
/// @param earlier what became of spans that earlier runs had to keep
/// @param host where spans are sent, `host` or `host:port`; null when nowhere
/// @param error why spans were rejected, kept or lost, one line; null when none was
/// @param damage which logs of earlier runs could not be read to their end, one line; null when
///   none
public record FlushResult(
    long recorded,
    long delivered,
    long rejected,
    long kept,
    long lost,
    Earlier earlier,
    @Nullable String host,
    @Nullable String error,
    @Nullable String damage) {

  /// Spans of earlier runs, counted like those of this one.
  public record Earlier(long delivered, long rejected, long kept) {
    public static final Earlier NONE = new Earlier(0, 0, 0);
  }

  /// Whether every span of this run reached where it should.
  public boolean complete() {
    return rejected == 0 && kept == 0 && lost == 0;
  }

  /// One line for the user, for example `telemetry: recorded 12, delivered 12 to otlp.example,
  /// rejected 0, kept 0`.
  public String line() {
    StringBuilder line = new StringBuilder("telemetry: recorded " + recorded);
    if (host == null) {
      line.append(", no OTLP endpoint set");
    } else {
      line.append(", delivered " + delivered + " to " + host);
      line.append(", rejected " + rejected + ", kept " + kept);
    }
    if (lost > 0) {
      line.append(", lost " + lost);
    }
    if (error != null) {
      line.append(" (" + error + ")");
    }
    if (!earlier.equals(Earlier.NONE)) {
      line.append("; of earlier runs: delivered " + earlier.delivered());
      if (earlier.rejected() > 0) {
        line.append(", rejected " + earlier.rejected());
      }
      line.append(", kept " + earlier.kept());
    }
    if (kept + earlier.kept() > 0) {
      line.append(", will be sent next time");
    }
    if (damage != null) {
      line.append("; damaged: " + damage);
    }
    return line.toString();
  }
}
