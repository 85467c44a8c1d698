package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The word of people who know better: a comment `pr-guard: ignore RULE reason` on a finding's line
/// or on the line above it.
///
/// It counts only with a reason, and not when the change itself adds it, since then the author of
/// the code would be its judge; a policy may allow that. What it hides is listed all the same.
final class Ignores {

  private static final String SIGN = "pr-guard:";
  private static final int MAX_LINE = 1_000;
  private static final int MAX_REASON = 200;
  private static final Pattern IGNORE =
      Pattern.compile("pr-guard:\\s*ignore\\s+([a-z]+\\.[a-z0-9-]+)[\\s:,\\x{2014}-]*(.*)$");

  /// What ends a comment.
  private static final Pattern END = Pattern.compile("(?:\\*/|-->|\\*\\)|#}|%>).*$");

  /// One such comment.
  private record Ignore(String rule, String reason, boolean added) {}

  private final String path;
  private final NewIgnores policy;
  private final Map<Integer, Ignore> byLine = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  Ignores(ScannedFile file, NewIgnores policy) {
    this.path = file.path();
    this.policy = policy;
    for (Segment segment : file.segments()) {
      for (int i = 0; i < segment.lines().size(); i++) {
        read(segment.lines().get(i), segment.number(i), segment.isAdded(i));
      }
      int above = segment.firstLine() - 1;
      if (above > 0 && segment.isAdded(0)) {
        file.headLines()
            .filter(lines -> above <= lines.size())
            .ifPresent(lines -> read(lines.get(above - 1), above, false));
      }
    }
  }

  private void read(String line, int number, boolean added) {
    if (line.length() > MAX_LINE || !line.contains(SIGN)) {
      return;
    }
    Matcher matcher = IGNORE.matcher(line);
    if (matcher.find()) {
      String rule = matcher.group(1);
      String reason = END.matcher(String.valueOf(matcher.group(2))).replaceAll("").strip();
      byLine.put(
          number,
          new Ignore(
              rule == null ? "" : rule,
              reason.substring(0, Math.min(MAX_REASON, reason.length())),
              added));
    }
  }

  /// The findings that stay.
  List<Finding> apply(List<Finding> findings) {
    if (byLine.isEmpty()) {
      return findings;
    }
    List<Finding> left = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.side() == Side.OLD || finding.line() == 0 || !isIgnored(finding)) {
        left.add(finding);
      }
    }
    return left;
  }

  private boolean isIgnored(Finding finding) {
    for (int line : List.of(finding.line(), finding.line() - 1)) {
      Ignore ignore = byLine.get(line);
      if (ignore == null || !ignore.rule().equals(finding.rule())) {
        continue;
      }
      String place = path + ":" + finding.line() + ": " + finding.rule();
      if (ignore.reason().chars().filter(Character::isLetter).count() < 3) {
        notes.add(place + " is told although line " + line + " says ignore: it gives no reason");
      } else if (ignore.added() && policy == NewIgnores.REFUSED) {
        notes.add(
            place
                + " is told although line "
                + line
                + " says ignore: this change adds that comment");
      } else {
        notes.add(place + " is ignored, as line " + line + " says: " + ignore.reason());
        return true;
      }
    }
    return false;
  }

  /// What was ignored and what was not, one line each.
  List<String> notes() {
    return notes;
  }
}
