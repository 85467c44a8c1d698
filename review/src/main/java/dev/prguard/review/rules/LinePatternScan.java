package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Patterns;
import dev.prguard.review.rules.Rule.SecretShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Matches the rules' expressions against the lines of one file.
final class LinePatternScan {

  /// A longer line (minified code, data) is looked at only around the keywords.
  private static final int LONG_LINE = 4_000;

  private static final int BEFORE_KEYWORD = 512;
  private static final int AFTER_KEYWORD = 1_024;
  private static final int STATEMENT_LINES = 12;

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final Work work;
  private final FlowScan flow;
  private @Nullable CodeMask fileMask;

  LinePatternScan(RuleCatalog catalog, ScannedFile file, Report report, Work work, FlowScan flow) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    this.work = work;
    this.flow = flow;
  }

  void run() {
    for (Segment segment : file.segments()) {
      for (int i = 0; i < segment.lines().size(); i++) {
        if (segment.lines().get(i).length() > LONG_LINE) {
          if (segment.isAdded(i)) {
            longLine(segment, i);
          }
        } else if (isTouched(segment, i, STATEMENT_LINES)) {
          line(segment, i);
        }
      }
    }
  }

  /// Whether the change touches any of the lines from `index` on.
  private static boolean isTouched(Segment segment, int index, int lines) {
    int added = segment.added().nextSetBit(index);
    int deleted = segment.afterDeletion().nextSetBit(index);
    return (added >= 0 && added < index + lines) || (deleted >= 0 && deleted < index + lines);
  }

  /// Where the code was read as code, a rule that can do that has said what it has to say.
  private boolean applies(Rule rule) {
    return rule.appliesTo(file.language()) && !(rule.flow().isPresent() && flow.isSurelyComplete());
  }

  private void line(Segment segment, int index) {
    String line = segment.lines().get(index);
    Statement statement = null;
    for (int owner : catalog.added().owners(line)) {
      Rule rule = catalog.rules().get(owner);
      if (!(rule.detection() instanceof Patterns patterns) || !applies(rule)) {
        continue;
      }
      if (patterns.statement()) {
        if (statement == null) {
          statement = Statement.at(segment, index, file.language());
        }
        statement(rule, patterns, segment, index, statement);
      } else if (segment.isAdded(index)) {
        Match match = match(rule, patterns, segment, index, line, line.length(), 0);
        if (match != null) {
          add(rule, segment, index, index, match);
        }
      }
    }
  }

  private void statement(
      Rule rule, Patterns patterns, Segment segment, int index, Statement statement) {
    int firstLineEnd =
        statement.lineCount() > 1 ? statement.starts().get(1) : statement.text().length();
    Match match = match(rule, patterns, segment, index, statement.text(), firstLineEnd, 0);
    if (match == null) {
      return;
    }
    int last = index + statement.lineOf(Math.max(match.end() - 1, match.start()));
    int anchor = segment.added().nextSetBit(index);
    if (anchor >= 0 && anchor <= last) {
      int end = anchor;
      while (end < last && segment.isAdded(end + 1)) {
        end++;
      }
      add(rule, segment, anchor, end, match);
      return;
    }
    // Nothing dangerous was added: but what made the statement safe may have been taken away.
    int statementEnd = index + statement.lineCount();
    int deletion = segment.afterDeletion().nextSetBit(index + 1);
    if (!patterns.unless().isEmpty() && deletion >= 0 && deletion < statementEnd) {
      add(rule, segment, deletion, deletion, match);
    }
  }

  private void longLine(Segment segment, int index) {
    String line = segment.lines().get(index);
    Map<Integer, List<int[]>> windows = new TreeMap<>();
    catalog
        .added()
        .scan(
            line,
            (owner, end) -> {
              List<int[]> ranges = windows.computeIfAbsent(owner, _ -> new ArrayList<>());
              int from = Math.max(end - BEFORE_KEYWORD, 0);
              int to = Math.min(end + AFTER_KEYWORD, line.length());
              if (!ranges.isEmpty() && ranges.getLast()[1] >= from) {
                ranges.getLast()[1] = to;
              } else {
                ranges.add(new int[] {from, to});
              }
            });
    windows.forEach((owner, ranges) -> {
      Rule rule = catalog.rules().get(owner);
      if (!(rule.detection() instanceof Patterns patterns) || !applies(rule)) {
        return;
      }
      for (int[] range : ranges) {
        String window = line.substring(range[0], range[1]);
        Match match = match(rule, patterns, segment, index, window, window.length(), range[0]);
        if (match != null) {
          add(rule, segment, index, index, match);
          return;
        }
      }
    });
  }

  /// A match that counts.
  ///
  /// @param secret what it found, when the rule is for secrets
  private record Match(int start, int end, @Nullable String secret) {}

  /// The first match that counts: start and end in `text`, or null.
  ///
  /// @param startLimit a match must start before it
  /// @param offset where `text` starts in the line
  private @Nullable Match match(
      Rule rule,
      Patterns patterns,
      Segment segment,
      int index,
      String text,
      int startLimit,
      int offset) {
    int number = segment.number(index);
    String seen = text;
    for (LinePattern harmless : patterns.harmless()) {
      if (!work.take(rule, text.length(), number)) {
        return null;
      }
      seen = harmless.blank(seen);
    }
    for (LinePattern pattern : patterns.patterns()) {
      if (!pattern.mayMatch(seen)) {
        continue;
      }
      if (!work.take(rule, text.length() + 16, number)) {
        return null;
      }
      Matcher matcher = pattern.pattern().matcher(seen);
      while (matcher.find() && matcher.start() < startLimit) {
        if (counts(
            rule,
            patterns,
            segment,
            index,
            matcher,
            text,
            offset + pattern.begin(text, matcher.start()))) {
          work.take(rule, text.length() * patterns.unless().size(), number);
          boolean excused = patterns.unless().stream().anyMatch(each -> each.find(text));
          return excused
              ? null
              : new Match(
                  matcher.start(),
                  matcher.end(),
                  patterns.secret() == null ? null : matcher.group(SecretText.group(matcher)));
        }
      }
    }
    return null;
  }

  private boolean counts(
      Rule rule,
      Patterns patterns,
      Segment segment,
      int index,
      Matcher matcher,
      String text,
      int column) {
    SecretShape shape = patterns.secret();
    if (shape != null) {
      String secret = matcher.group(SecretText.group(matcher));
      if (secret == null || SecretText.entropy(secret) < shape.minEntropy()) {
        return false;
      }
      if (shape.body()
          && (KeyMaterial.isMadeUp(text.substring(matcher.end()), segment.lines(), index + 1)
              || (file.language().isProgram() && !hasBody(segment, index, matcher, text)))) {
        return false;
      }
      return SecretText.passes(shape.judge(), secret)
          && (!shape.proof().isDecisive() || shape.proof().holds(secret));
    }
    if (!patterns.code()) {
      return true;
    }
    String line = segment.lines().get(index);
    if (line.length() > LONG_LINE && !work.take(rule, column / 16, segment.number(index))) {
      return true;
    }
    return mask(segment).isCode(segment.number(index), line, column);
  }

  private static boolean hasBody(Segment segment, int index, Matcher matcher, String text) {
    List<String> lines = segment.lines();
    return KeyMaterial.follows(
        text.substring(matcher.end()), lines.subList(index + 1, lines.size()));
  }

  private CodeMask mask(Segment segment) {
    if (fileMask != null) {
      return fileMask;
    }
    List<String> head = file.language().isLexed() ? file.headLines().orElse(null) : null;
    if (head != null) {
      fileMask = new CodeMask(file.language(), head, 1, true);
      return fileMask;
    }
    return new CodeMask(file.language(), List.of(), segment.firstLine(), false);
  }

  private void add(Rule rule, Segment segment, int from, int to, Match match) {
    if (rule.flow().isPresent() && flow.isComplete()) {
      return;
    }
    String line = segment.lines().get(from);
    String suggestion = null;
    if (from == to && segment.isAdded(from)) {
      suggestion = RuleFixes.suggestion(rule, List.of(line));
    }
    int first = segment.number(from);
    String secret = match.secret();
    if (secret == null || !(rule.detection() instanceof Patterns patterns)) {
      report.add(rule, Side.NEW, first, segment.number(to), line, "", suggestion);
      return;
    }
    SecretShape shape = patterns.secret();
    boolean doubtful = shape != null && !shape.proof().holds(secret);
    report.addSecret(rule, first, line, SecretText.describe(secret), doubtful);
  }
}
