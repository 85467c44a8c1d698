package dev.prguard.review.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a model's answer, whatever it looks like, and keeps every finding that is whole. Never
/// throws; the text is hostile and the work is bounded.
final class AnswerParser {
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_FINDING_CHARS = 64 << 10;
  private static final int MAX_FINDINGS = 500;

  static final JsonMapper LENIENT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// Where JSON begins, as against a brace in prose.
  private static final Pattern START =
      Pattern.compile("\\{\\s*(?:[\"'}]|\\w+\\s*:|$)|\\[\\s*(?:\\{|\\]|$)");

  private static final Pattern FENCE = Pattern.compile("```\\w*");

  private static final Pattern LIST = Pattern.compile("[\"']?\\bfindings[\"']?\\s*:");

  private final String text;
  private final List<ModelFinding> findings = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int dropped;
  private boolean truncated;
  private boolean listSeen;
  private int announced = -1;

  private AnswerParser(String text) {
    this.text = text;
  }

  static ParsedAnswer parse(String answer) {
    boolean tooLong = answer.length() > MAX_CHARS;
    AnswerParser parser =
        new AnswerParser(tooLong ? answer.substring(0, MAX_CHARS) : unwrapped(answer));
    parser.truncated = tooLong;
    return parser.parse();
  }

  private ParsedAnswer parse() {
    if (text.isBlank()) {
      return new ParsedAnswer(List.of(), true, 0, List.of("the answer is empty"));
    }
    readJson();
    if (!listSeen && findings.isEmpty() && dropped == 0) {
      for (Optional<ModelFinding> finding : FindingFields.readLines(text)) {
        add(finding);
      }
      if (!findings.isEmpty()) {
        problems.add("the answer is not JSON; its findings were read line by line");
      } else {
        problems.add("the answer has no list of findings (a refusal, or prose)");
      }
    }
    if (truncated) {
      problems.add("the answer was cut off");
    }
    if (dropped > 0) {
      problems.add(dropped + " finding(s) of the answer could not be read");
    }
    int counted = findings.size() + dropped;
    if (announced >= 0 && announced != counted) {
      problems.add("the answer announces " + announced + " finding(s) and has " + counted);
      dropped += Math.max(0, announced - counted);
    }
    return new ParsedAnswer(findings, truncated, dropped, problems);
  }

  private void readJson() {
    Matcher start = START.matcher(text);
    int from = 0;
    while (from < text.length() && start.find(from)) {
      int end = endOf(start.start(), text.length());
      JsonNode node = end < 0 ? null : read(start.start(), end);
      if (node == null) {
        // Cut off, or a quote or brace too few: all that follows is suspect.
        truncated |= end < 0;
        salvage(start.start());
        return;
      }
      accept(node);
      from = end;
    }
  }

  private void accept(JsonNode node) {
    JsonNode list = node.isArray() ? node : node.path("findings");
    if (list.isArray()) {
      // "String[] args" in a refusal is no empty list of findings.
      listSeen |= !node.isArray() || !node.isEmpty() || isWholeAnswer("[]");
      JsonNode count = node.path("count");
      announced = count.canConvertToInt() && count.asInt() >= 0 ? count.asInt() : announced;
      for (JsonNode finding : list) {
        add(FindingFields.of(finding));
      }
    } else if (FindingFields.looksLikeFinding(node)) {
      add(FindingFields.of(node));
    } else {
      // Wrapped once more than asked for, or under another name: {"review": {"issues": [...]}}.
      for (JsonNode child : node) {
        if (child.isObject()
            || (child.isArray() && FindingFields.looksLikeFinding(child.path(0)))) {
          accept(child);
        }
      }
    }
  }

  private boolean isWholeAnswer(String expected) {
    return FENCE.matcher(text).replaceAll("").replaceAll("\\s+", "").equals(expected);
  }

  /// The text itself, or what is in it when it is one JSON string: an answer encoded twice.
  private static String unwrapped(String answer) {
    String text = answer.strip();
    if (text.startsWith("\"") && text.endsWith("\"")) {
      try {
        JsonNode inner = LENIENT.readTree(text);
        return inner.isTextual() ? inner.textValue() : answer;
      } catch (JsonProcessingException e) {
        return answer;
      }
    }
    return answer;
  }

  /// Takes the findings of a broken structure one by one.
  private void salvage(int from) {
    String rest = text.substring(from);
    listSeen |= rest.startsWith("[") || LIST.matcher(rest).find();
    List<Integer> starts = FindingFields.starts(rest, MAX_FINDINGS + 1);
    int taken = 0;
    for (int i = 0; i < starts.size(); i++) {
      int start = from + starts.get(i);
      if (start < taken) {
        continue;
      }
      if (i >= MAX_FINDINGS) {
        truncated = true;
        return;
      }
      int end = endOf(start, Math.min(text.length(), start + MAX_FINDING_CHARS));
      JsonNode node = end < 0 ? null : read(start, end);
      if (node != null) {
        add(FindingFields.of(node));
        taken = end;
        continue;
      }
      boolean last = i + 1 == starts.size();
      String broken = text.substring(start, last ? text.length() : from + starts.get(i + 1));
      if (last && !closed(broken)) {
        dropped++;
        truncated = true;
      } else {
        add(FindingFields.readBroken(broken));
      }
    }
  }

  private static boolean closed(String broken) {
    String end = broken.strip();
    if (end.endsWith("```")) {
      end = end.substring(0, end.length() - 3).strip();
    }
    return end.endsWith("}") || end.endsWith("]");
  }

  private @Nullable JsonNode read(int start, int end) {
    try {
      return LENIENT.readTree(text.substring(start, end));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /// Index after the bracket that closes the one at `start`, -1 when there is none before `limit`.
  private int endOf(int start, int limit) {
    int depth = 0;
    char quote = 0;
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
        continue;
      }
      switch (c) {
        case '"' -> quote = c;
        case '{', '[' -> depth++;
        case '}', ']' -> {
          depth--;
          if (depth == 0) {
            return i + 1;
          }
        }
        default -> {}
      }
    }
    return -1;
  }

  private void add(Optional<ModelFinding> finding) {
    if (finding.isPresent() && findings.size() < MAX_FINDINGS) {
      findings.add(finding.get());
    } else {
      dropped++;
    }
  }
}
