package dev.prguard.insight.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.Verdict.Reading;
import dev.prguard.insight.alert.Verdict.State;
import dev.prguard.insight.alert.Verdict.Worst;
import dev.prguard.insight.dashboard.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a check found out, for people and for machines. What came from spans is made printable.
///
/// @param source where the spans came from, for people
public record CheckReport(Instant checkedAt, String source, List<Verdict> verdicts) {
  public CheckReport {
    verdicts = List.copyOf(verdicts);
  }

  public List<Verdict> breaches() {
    return verdicts.stream().filter(verdict -> verdict.state() == State.BREACHED).toList();
  }

  /// Whether there was nothing to judge: no review left a span within the longest window.
  public boolean isEmpty() {
    return verdicts.stream()
        .filter(verdict -> verdict.rule().comparison() == AlertRule.Comparison.OVER)
        .allMatch(verdict -> verdict.state() == State.NO_DATA);
  }

  private String emptiness() {
    Duration longest =
        verdicts.stream().map(Verdict::length).max(Duration::compareTo).orElse(Duration.ZERO);
    return "No data: no review left a trace in the last "
        + words(longest)
        + " in "
        + printable(source)
        + ".";
  }

  /// A line for each rule, and below a breach what to look at.
  public String text() {
    StringBuilder text = new StringBuilder();
    if (isEmpty()) {
      text.append(emptiness()).append(System.lineSeparator());
    }
    for (Verdict verdict : verdicts) {
      AlertRule rule = verdict.rule();
      text.append(
          String.format(
              Locale.ROOT,
              "%-8s  %-22s  %-28s  %s%n",
              word(verdict.state()),
              rule.id(),
              value(verdict),
              limit(verdict)));
      if (verdict.state() == State.BREACHED) {
        text.append("          ").append(rule.title()).append(": ").append(rule.meaning());
        text.append(System.lineSeparator());
        for (Reading reading : verdict.readings()) {
          if (reading.breached() && !reading.series().isEmpty()) {
            text.append("          ").append(printable(reading.series())).append("  ");
            text.append(amount(reading.value(), rule.unit())).append(System.lineSeparator());
          }
        }
        for (Worst worst : verdict.worst()) {
          text.append("          trace ").append(printable(worst.traceId())).append("  ");
          text.append(printable(worst.what())).append(System.lineSeparator());
        }
      }
    }
    return text.append(summary()).append(System.lineSeparator()).toString();
  }

  /// One line.
  public String summary() {
    long unjudged = count(State.NO_DATA);
    return String.format(
        Locale.ROOT,
        "%d of %d rules breached%s; %s, %s",
        count(State.BREACHED),
        verdicts.size(),
        unjudged == 0 ? "" : ", " + unjudged + " without data",
        source,
        checkedAt.truncatedTo(ChronoUnit.SECONDS));
  }

  private long count(State state) {
    return verdicts.stream().filter(verdict -> verdict.state() == state).count();
  }

  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("checkedAt", checkedAt.truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("source", source);
    json.put("empty", isEmpty());
    json.put("breached", breaches().size());
    ArrayNode rules = json.putArray("rules");
    verdicts.forEach(verdict -> rules.add(json(verdict)));
    return json;
  }

  static ObjectNode json(Verdict verdict) {
    AlertRule rule = verdict.rule();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", rule.id()).put("title", rule.title()).put("state", word(verdict.state()));
    json.put("severity", rule.severity().label());
    json.put("comparison", rule.comparison().sign()).put("threshold", rule.threshold());
    json.put("unit", rule.unit().symbol());
    json.put("windowSeconds", verdict.length().toSeconds());
    json.put("runbook", rule.runbook());
    ArrayNode readings = json.putArray("readings");
    for (Reading reading : verdict.readings()) {
      readings
          .addObject()
          .put("series", reading.series())
          .put("value", reading.value())
          .put("breached", reading.breached());
    }
    ArrayNode traces = json.putArray("traces");
    for (Worst worst : verdict.worst()) {
      traces.addObject().put("traceId", worst.traceId()).put("what", worst.what());
    }
    return json;
  }

  public String markdown() {
    StringBuilder text = new StringBuilder();
    if (isEmpty()) {
      text.append(escaped(emptiness())).append("\n\n");
    }
    text.append("| | rule | value | limit |\n|---|---|---|---|\n");
    for (Verdict verdict : verdicts) {
      text.append("| ").append(sign(verdict.state()));
      text.append(" | ").append(verdict.rule().id());
      text.append(" | ").append(escaped(value(verdict)));
      text.append(" | ").append(limit(verdict)).append(" |\n");
    }
    for (Verdict verdict : breaches()) {
      text.append("\n**").append(verdict.rule().title()).append("** (");
      text.append(verdict.rule().severity().label()).append("). ");
      text.append(verdict.rule().meaning()).append('\n');
      for (Worst worst : verdict.worst()) {
        text.append("\n- `").append(worst.traceId()).append("` ").append(escaped(worst.what()));
      }
      text.append('\n');
    }
    return text.append('\n').append(escaped(summary())).append('\n').toString();
  }

  /// A test case for each rule, as CI systems read them.
  public String junit() {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append(
        String.format(
            Locale.ROOT,
            "<testsuite name=\"pr-guard check\" tests=\"%d\" failures=\"%d\" errors=\"0\""
                + " skipped=\"%d\" timestamp=\"%s\">\n",
            verdicts.size(),
            count(State.BREACHED),
            count(State.NO_DATA),
            checkedAt.truncatedTo(ChronoUnit.SECONDS)));
    for (Verdict verdict : verdicts) {
      AlertRule rule = verdict.rule();
      xml.append("  <testcase classname=\"pr-guard.check\" name=\"").append(rule.id());
      switch (verdict.state()) {
        case FINE -> xml.append("\"/>\n");
        case NO_DATA -> xml.append("\"><skipped message=\"no data\"/></testcase>\n");
        case BREACHED -> {
          String traces =
              verdict.worst().stream()
                  .map(worst -> worst.traceId() + " " + worst.what())
                  .collect(Collectors.joining("\n"));
          xml.append("\">\n    <failure message=\"")
              .append(xml(rule.title() + ": " + value(verdict) + ", limit " + limit(verdict)))
              .append("\" type=\"")
              .append(rule.severity().label())
              .append("\">")
              .append(xml(traces))
              .append("</failure>\n  </testcase>\n");
        }
      }
    }
    return xml.append("</testsuite>\n").toString();
  }

  private static String sign(State state) {
    return switch (state) {
      case FINE -> "✅";
      case BREACHED -> "❌";
      case NO_DATA -> "–";
    };
  }

  static String word(State state) {
    return switch (state) {
      case FINE -> "fine";
      case BREACHED -> "BREACHED";
      case NO_DATA -> "no data";
    };
  }

  /// The worst of the readings.
  static String value(Verdict verdict) {
    AlertRule rule = verdict.rule();
    Reading worst = null;
    for (Reading reading : verdict.readings()) {
      boolean worse = worst == null || rule.comparison().isWrong(reading.value(), worst.value());
      worst = worse ? reading : worst;
    }
    if (worst == null) {
      return "–";
    }
    String of = worst.series().isEmpty() ? "" : " (" + printable(worst.series()) + ")";
    return amount(worst.value(), rule.unit()) + of;
  }

  static String limit(Verdict verdict) {
    AlertRule rule = verdict.rule();
    String fine =
        switch (rule.comparison()) {
          case OVER -> "at most ";
          case UNDER -> "at least ";
        };
    return fine + amount(rule.threshold(), rule.unit()) + " in " + words(verdict.length());
  }

  static String amount(double value, Unit unit) {
    if (unit == Unit.SHARE) {
      return PromQl.number(value * 100) + "%";
    }
    return PromQl.number(value) + (unit.symbol().isEmpty() ? "" : " " + unit.symbol());
  }

  private static String words(Duration duration) {
    return duration.toMinutes() >= 1 ? PromQl.duration(duration) : duration.toSeconds() + "s";
  }

  private static String printable(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "\uFFFD");
  }

  private static String escaped(String text) {
    return printable(text).replaceAll("([\\\\`*_{}\\[\\]<>()#+!|~@-])", "\\\\$1");
  }

  private static String xml(String text) {
    return text.replaceAll("[\\p{C}&&[^\n\t]]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
