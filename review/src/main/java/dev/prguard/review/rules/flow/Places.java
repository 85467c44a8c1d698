package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;

/// Addresses: once the text before it says which host or page is meant, a value can no longer lead
/// elsewhere.
final class Places {

  /// Up to the path of a host, within a path of this one, or behind `?` or `#`.
  private static final Pattern FIXED =
      Pattern.compile(
          "^(?:redirect:|forward:)?(?:[a-z]+://[\\w.:@-]+[/?#]|/[\\w.~-]|[\\w-]+/|[^?#]*[?#])");

  private final long kinds;
  private final long scheme;

  Places(FlowModel model) {
    scheme = model.kind("scheme");
    kinds = model.kind("url") | model.kind("redirect");
  }

  /// What stands behind another part of an address.
  Value after(Value before, Value value) {
    if (value.taints().isEmpty()) {
      return value;
    }
    String text = before.text();
    boolean fixed =
        text != null
            ? FIXED.matcher(text).find()
            // A base from the settings, or a text that was put together from one.
            : before.constants().isEmpty()
                && before.taints().stream().allMatch(taint -> (taint.cleared() & kinds) != 0)
                && !startsOpen(before);
    boolean begun = text == null ? fixed : !text.isEmpty() && !text.startsWith("javascript:");
    Value known = begun ? value.cleared(scheme) : value;
    return fixed ? known.cleared(kinds) : known;
  }

  /// A text like `http://?`, whose host is still to come.
  private static boolean startsOpen(Value before) {
    String skeleton = before.skeleton();
    return before.built()
        && (skeleton.startsWith("http://?")
            || skeleton.startsWith("https://?")
            || skeleton.equals("/"));
  }

  /// A text made from a template, by what stands before its first gap.
  Value within(Value template, Value made) {
    String text = template.text();
    if (text == null || made.taints().isEmpty()) {
      return made;
    }
    int gap = text.length();
    for (char c : new char[] {'%', '{'}) {
      int at = text.indexOf(c);
      gap = at >= 0 && at < gap ? at : gap;
    }
    return gap < text.length() && FIXED.matcher(text.substring(0, gap)).find()
        ? made.cleared(kinds | scheme)
        : made;
  }
}
