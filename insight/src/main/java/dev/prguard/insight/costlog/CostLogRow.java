package dev.prguard.insight.costlog;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One operation of a cost log.
///
/// @param end when it was logged, which is when it ended
/// @param nanoUsd nano-dollars, rounded half to even; empty when the log has no amount
record CostLogRow(
    Instant end,
    String pullRequest,
    String operation,
    String model,
    long promptTokens,
    long completionTokens,
    OptionalLong nanoUsd,
    long latencyMs) {

  /// string, on the resource: where spans that no review wrote came from.
  static final String MARK = "pr_guard.import";

  private static final int MAX_TEXT = 2000;
  private static final long MAX_TOKENS = 1_000_000_000_000L;
  private static final long MAX_LATENCY_MS = 30L * 86_400_000;
  private static final BigDecimal MAX_USD = BigDecimal.valueOf(1_000_000);

  private static final Map<String, AttributeValue> RESOURCE =
      new TreeMap<>(
          Map.of(
              "service.name",
              AttributeValue.of("secure-pr-guard"),
              "service.namespace",
              AttributeValue.of("pr-automation"),
              "service.version",
              AttributeValue.of("prototype"),
              "deployment.environment",
              AttributeValue.of("imported"),
              MARK,
              AttributeValue.of("cost_log")));

  private static final Pattern PULL_REQUEST =
      Pattern.compile("https?://[^/\\s]+/([^/\\s]+)/([^/\\s]+)/pull/([0-9]{1,10})/?");

  /// What the prototype's names begin with, and the operation's type.
  private static final List<Map.Entry<String, String>> TYPES =
      List.of(
          Map.entry("fetch", "fetch"),
          Map.entry("nitpick", "nitpicker"),
          Map.entry("architect", "architect"),
          Map.entry("patch", "patch"),
          Map.entry("comment", "comment"));

  /// @throws CostLogFormatException naming the cell that is wrong
  static CostLogRow parse(Map<String, String> cells, ZoneId zone) {
    long prompt = tokens(cells, "prompt_tokens");
    long completion = tokens(cells, "completion_tokens");
    long total = tokens(cells, "total_tokens");
    if (total != prompt + completion) {
      throw new CostLogFormatException(
          "total_tokens %d (expected: %d + %d)".formatted(total, prompt, completion));
    }
    String operation = text(cells, "operation");
    if (operation.isEmpty()) {
      throw new CostLogFormatException("operation: empty");
    }
    String model = text(cells, "model");
    return new CostLogRow(
        timestamp(text(cells, "timestamp"), zone),
        text(cells, "pr_url"),
        operation,
        model.isEmpty() || model.equalsIgnoreCase("n/a") ? "none" : model,
        prompt,
        completion,
        cost(text(cells, "cost_usd")),
        latency(text(cells, "latency_ms")));
  }

  private static Instant timestamp(String text, ZoneId zone) {
    String iso = text.replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) ", "$1T");
    Instant time;
    try {
      boolean offset = iso.matches(".*(Z|[+-]\\d{2}:?\\d{2})");
      String colon = iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2");
      time =
          offset && iso.contains("T")
              ? OffsetDateTime.parse(colon).toInstant()
              : LocalDateTime.parse(iso).atZone(zone).toInstant();
    } catch (DateTimeParseException e) {
      throw new CostLogFormatException(
          "timestamp " + clip(text) + ": not a time (expected: 2026-11-26T09:30:00)");
    }
    int year = time.atOffset(ZoneOffset.UTC).getYear();
    if (year < 2000 || year > 2200) {
      throw new CostLogFormatException("timestamp " + clip(text) + ": not in 2000 to 2200");
    }
    return time;
  }

  private static long tokens(Map<String, String> cells, String column) {
    String text = text(cells, column);
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= MAX_TOKENS) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CostLogFormatException(
        column + " " + clip(text) + ": not a number of tokens (expected: 0 or more)");
  }

  private static OptionalLong cost(String text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    BigDecimal usd = number("cost_usd", text);
    if (usd.compareTo(MAX_USD) > 0) {
      throw new CostLogFormatException("cost_usd " + clip(text) + ": more than a million");
    }
    return OptionalLong.of(
        usd.movePointRight(9).setScale(0, RoundingMode.HALF_EVEN).longValueExact());
  }

  private static long latency(String text) {
    BigDecimal ms = number("latency_ms", text);
    if (ms.compareTo(BigDecimal.valueOf(MAX_LATENCY_MS)) > 0) {
      throw new CostLogFormatException("latency_ms " + clip(text) + ": more than 30 days");
    }
    return ms.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  /// 0 or more. The size is looked at before any arithmetic: 1e999999999 would fill the memory.
  private static BigDecimal number(String column, String text) {
    try {
      if (text.length() <= 60) {
        BigDecimal number = new BigDecimal(text);
        if (number.signum() >= 0 && Math.abs((long) number.scale()) <= 60) {
          return number;
        }
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new CostLogFormatException(
        column + " " + clip(text) + ": not a number (expected: 0 or more)");
  }

  private static String text(Map<String, String> cells, String column) {
    String text = cells.getOrDefault(column, "");
    if (text.length() > MAX_TEXT) {
      throw new CostLogFormatException(column + ": longer than " + MAX_TEXT + " characters");
    }
    return text;
  }

  private static String clip(String text) {
    String line = text.replaceAll("\\p{C}", " ");
    return line.isEmpty() ? "(empty)" : line.length() > 40 ? line.substring(0, 40) + "…" : line;
  }

  /// Equal for rows that say the same.
  long contentHash() {
    return ByteBuffer.wrap(digest("row", content())).getLong();
  }

  private String content() {
    return String.join(
        "\0",
        end.toString(),
        pullRequest,
        operation,
        model,
        Long.toString(promptTokens),
        Long.toString(completionTokens),
        nanoUsd.toString(),
        Long.toString(latencyMs));
  }

  /// The span of an operation. Those of one pull request and UTC day share a trace; there is no
  /// root, because a log does not tell where a review began and how it ended.
  ///
  /// @param earlier how many equal rows came before this one in the file
  SpanRecord span(int earlier) {
    String day = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    byte[] trace = digest("trace", pullRequest + "\0" + day);
    byte[] span = digest("span", content() + "\0" + earlier);
    HexFormat hex = HexFormat.of();
    long endNanos = end.getEpochSecond() * 1_000_000_000L + end.getNano();
    return new SpanRecord(
        hex.formatHex(trace, 0, 16),
        hex.formatHex(span, 0, 8),
        null,
        operation,
        SpanRecord.Kind.INTERNAL,
        endNanos - latencyMs * 1_000_000,
        endNanos,
        SpanRecord.Status.UNSET,
        "",
        attributes(),
        List.of(),
        List.of(),
        RESOURCE,
        SpanRecord.Scope.EMPTY);
  }

  private Map<String, AttributeValue> attributes() {
    Map<String, AttributeValue> attributes = new TreeMap<>();
    attributes.put(CostAttributes.OPERATION_TYPE, AttributeValue.of(type()));
    attributes.put(CostAttributes.OPERATION_NAME, AttributeValue.of(operation));
    attributes.put(CostAttributes.MODEL, AttributeValue.of(model));
    attributes.put(CostAttributes.PRICED, AttributeValue.of(nanoUsd.isPresent()));
    nanoUsd.ifPresent(nano -> {
      double usd = BigDecimal.valueOf(nano, 9).doubleValue();
      attributes.put(CostAttributes.USD, AttributeValue.of(usd));
      attributes.put(CostAttributes.NANO_USD, AttributeValue.of(nano));
      attributes.put(CostAttributes.SOURCE, AttributeValue.of("cost_log"));
    });
    attributes.put(CostAttributes.TOKENS_PROMPT, AttributeValue.of(promptTokens));
    attributes.put(CostAttributes.TOKENS_COMPLETION, AttributeValue.of(completionTokens));
    attributes.put(CostAttributes.TOKENS_TOTAL, AttributeValue.of(promptTokens + completionTokens));
    attributes.put(CostAttributes.LATENCY_MS, AttributeValue.of(latencyMs));
    if (!pullRequest.isEmpty()) {
      attributes.put(ReviewAttributes.PR_URL, AttributeValue.of(pullRequest));
    }
    Matcher url = PULL_REQUEST.matcher(pullRequest);
    if (url.matches()) {
      attributes.put(ReviewAttributes.PR_OWNER, AttributeValue.of(url.group(1)));
      attributes.put(ReviewAttributes.PR_REPO, AttributeValue.of(url.group(2)));
      attributes.put(
          ReviewAttributes.PR_REPOSITORY, AttributeValue.of(url.group(1) + "/" + url.group(2)));
      attributes.put(ReviewAttributes.PR_NUMBER, AttributeValue.of(Long.parseLong(url.group(3))));
    }
    return attributes;
  }

  private String type() {
    String lower = operation.toLowerCase(Locale.ROOT);
    return TYPES.stream()
        .filter(type -> lower.startsWith(type.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(operation);
  }

  /// The kind keeps the ids of spans and traces apart.
  private static byte[] digest(String kind, String content) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(("pr-guard cost log " + kind + "\0" + content).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
