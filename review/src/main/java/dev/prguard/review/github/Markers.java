package dev.prguard.review.github;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.result.Finding;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The hidden lines at the start of our comments, by which a later run knows them again. A marker
/// counts only at the very start of a body, and only in a comment of our own account: the rest of a
/// body quotes hostile text.
final class Markers {
  /// GitHub's limit.
  static final int MAX_BODY = 65_536;

  private static final String SUMMARY = "<!-- pr-guard:summary:v1 -->\n";
  private static final String RESOLVED = "<!-- pr-guard:resolved:v1 -->\n";

  private static final Pattern FINDING =
      Pattern.compile(
          "<!-- pr-guard:finding:([0-9a-zA-Z._-]{1,64}):v1 -->\n"
              + "(?:<!-- pr-guard:source:(rule|model):v1 -->\n)?"
              + "(<!-- pr-guard:resolved:v1 -->\n)?");

  private static final String CUT = "> This comment was cut, it was too long for GitHub.\n\n";

  /// What the start of a comment says.
  ///
  /// @param source null when it does not say
  /// @param text the body after the markers
  record Marked(
      String fingerprint, Finding.@Nullable Source source, boolean resolved, String text) {}

  private Markers() {}

  static @Nullable Marked finding(String body) {
    String text = body.replace("\r\n", "\n");
    Matcher matcher = FINDING.matcher(text);
    if (!matcher.lookingAt()) {
      return null;
    }
    String source = matcher.group(2);
    return new Marked(
        matcher.group(1),
        source == null ? null : Finding.Source.valueOf(source.toUpperCase(Locale.ROOT)),
        matcher.group(3) != null,
        text.substring(matcher.end()));
  }

  static boolean isSummary(String body) {
    return body.replace("\r\n", "\n").startsWith(SUMMARY);
  }

  static String findingBody(Finding finding, String text) {
    return limited(start(finding.fingerprint(), finding.source()), text);
  }

  /// The body of a comment whose finding is gone.
  static String resolvedBody(Marked marked, String commit) {
    String note =
        "**Resolved:** not found any more at "
            + commit.substring(0, Math.min(10, commit.length()))
            + ".\n\n<details><summary>What it said</summary>\n\n";
    return limited(
        start(marked.fingerprint, marked.source) + RESOLVED,
        note + marked.text + "\n\n</details>\n");
  }

  static String summaryBody(String text) {
    return limited(SUMMARY, text);
  }

  /// How many characters of text fit into a summary.
  static int summaryRoom() {
    return MAX_BODY - SUMMARY.length() - CUT.length();
  }

  /// Whether two bodies say the same; GitHub may trim them and change line ends.
  static boolean same(String one, String other) {
    return one.replace("\r\n", "\n").strip().equals(other.replace("\r\n", "\n").strip());
  }

  private static String start(String fingerprint, Finding.@Nullable Source source) {
    return "<!-- pr-guard:finding:"
        + fingerprint
        + ":v1 -->\n"
        + (source == null
            ? ""
            : "<!-- pr-guard:source:" + source.name().toLowerCase(Locale.ROOT) + ":v1 -->\n");
  }

  private static String limited(String start, String text) {
    int room = MAX_BODY - start.length();
    if (text.length() <= room) {
      return start + text;
    }
    int end = room - CUT.length();
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return start + CUT + text.substring(0, end);
  }
}
