package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a regular expression keeps a text from: `^\d+$` from all harm, `^[\w./-]+$` not from
/// leading to another folder, `[a-z]+` without its ends from nothing.
final class Patterns {

  /// The key that an expression is kept by in what its value holds.
  private static final Object EXPRESSION = TextPattern.Reach.class;

  /// What makes an expression of a text.
  private static final Set<String> MAKES =
      Set.of("RegExp", "re.compile", "regex.compile", "Pattern.compile", "regexp.MustCompile");

  /// How much of the text each looks at. What is not here is no question of a form.
  private static final Map<String, TextPattern.Reach> ASKS =
      Map.of(
          "test", TextPattern.Reach.PART,
          "exec", TextPattern.Reach.PART,
          "search", TextPattern.Reach.PART,
          "find", TextPattern.Reach.PART,
          "MatchString", TextPattern.Reach.PART,
          "match", TextPattern.Reach.START,
          "lookingAt", TextPattern.Reach.START,
          "fullmatch", TextPattern.Reach.WHOLE,
          "matches", TextPattern.Reach.WHOLE);

  private static final Pattern HOST = Pattern.compile("^https?://[^/?#@\\\\]+/");

  /// An address of the web, or one of several kinds that run nothing.
  private static final Pattern WEB =
      Pattern.compile(
          "^(?:\\(\\?[a-z]+\\))?(?:\\^|\\\\A)(?:\\((?:\\?:)?)*(?:https?|http\\(s\\)|ftps?|mailto|tel)\\b");

  /// What a text does by characters that it must have for that. Of other kinds nothing is harmed by
  /// a text of a known form.
  private static final Map<String, String> BY =
      Map.ofEntries(
          Map.entry("sql", "'\"`\\;=("),
          Map.entry("xpath", "'\"[("),
          Map.entry("ldap", "*()\\|&"),
          Map.entry("html", "<>\"'&"),
          Map.entry("script", "<'\"`\\("),
          Map.entry("shell", ";|&$`<>()'\"\\\n"),
          Map.entry("code", "('\"`.["),
          Map.entry("template", "{<$#"),
          Map.entry("regex", "*+(){}[]|"),
          Map.entry("header", "\r\n"),
          Map.entry("log", "\r\n"),
          Map.entry("scheme", ":"),
          Map.entry("url", "./:@#?\\"),
          Map.entry("prompt", " "));

  private final Evaluator all;

  Patterns(Evaluator all) {
    this.all = all;
  }

  /// `re.compile("^a+$")`, `NAME.matcher(text)`: calls that say what is asked for.
  static boolean isMade(Expr.Call call) {
    return MAKES.contains(Names.dotted(call.callee()))
        || (call.callee() instanceof Expr.Member(Expr _, String name, int _)
            && name.equals("matcher"));
  }

  /// What a call gives, with the expression where it makes one.
  Value made(CallSite site, Value result) {
    if (site.method().equals("matcher") && expression(site.receiver()) != null) {
      return result.withShape(site.receiver().shape());
    }
    String text = site.args().isEmpty() ? null : site.args().getFirst().text();
    if (text == null || !MAKES.contains(site.name())) {
      return result;
    }
    boolean lines =
        site.args().size() > 1 && site.args().get(1).name().matches("(re|Pattern)\\.M(ULTILINE)?");
    return result.withShape(all.newShape(with(Shape.MAP, lines ? "(?m)" + text : text)));
  }

  /// What is held, and an expression.
  Shape with(Shape held, String expression) {
    return held.with(EXPRESSION, Value.constant(expression));
  }

  private static final Set<String> REPLACES =
      Set.of("replace", "replaceAll", "sub", "ReplaceAllString", "ReplaceAllLiteralString");

  /// The kinds of harm that a text does no more after characters were taken out of it:
  /// `text.replace(/[^\w]/g, "")`, `re.sub(r"[\r\n]", " ", text)`.
  long removed(CallSite site) {
    if (!REPLACES.contains(site.method()) || site.args().size() < 2) {
      return 0;
    }
    String written = expression(site.receiver());
    List<Value> args = site.args();
    // NAME.sub("", text) of Python; all others have what is put in behind.
    String instead = args.get(written != null && site.method().equals("sub") ? 0 : 1).text();
    if (written == null) {
      Value first = args.getFirst();
      written = expression(first);
      boolean text =
          site.name().equals("re.sub")
              || (all.language == ParsedLanguage.JAVA && site.method().equals("replaceAll"));
      written = written == null && text ? first.text() : written;
    }
    BitSet removed = written == null ? null : TextPattern.denied(written);
    if (removed == null || instead == null) {
      return 0;
    }
    instead.chars().forEach(removed::clear);
    return without(removed);
  }

  /// The expression that a value is; null for any other.
  @Nullable String expression(Value value) {
    Shape shape = all.env().shape(value.shape());
    return shape == null || !shape.has(EXPRESSION) ? null : shape.get(EXPRESSION).text();
  }

  /// The kinds of harm that a text of such a form does no more, of those that the call is said to
  /// clear.
  ///
  /// @param truth what the call has given
  long proven(CallSite site, long kinds, boolean truth) {
    TextPattern.Reach reach = ASKS.get(site.method());
    if (reach == null) {
      return truth ? kinds : 0;
    }
    String written = expression(site.receiver());
    if (written == null && !site.args().isEmpty()) {
      Value first = site.args().getFirst();
      written = expression(first);
      if (written == null && (site.method().equals("matches") || site.args().size() > 1)) {
        written = first.text();
      }
    }
    if (all.definitions.script() && reach == TextPattern.Reach.START) {
      // text.match(/^a/)
      reach = TextPattern.Reach.PART;
    }
    if (written == null) {
      return truth ? kinds : 0;
    }
    if (!truth) {
      BitSet denied = reach == TextPattern.Reach.WHOLE ? null : TextPattern.denied(written);
      return denied == null ? 0 : without(denied);
    }
    return (kinds == FlowModel.ALL ? Guards.BY_FORM : kinds) & of(written, reach);
  }

  /// The kinds of harm that a text does no more behind such an expression.
  long of(String written, TextPattern.Reach reach) {
    TextPattern pattern = TextPattern.of(written, reach);
    if (pattern == null) {
      return Guards.BY_FORM;
    }
    BitSet many = pattern.many();
    if (!pattern.whole()) {
      return (HOST.matcher(pattern.start()).find() ? kind("url") | kind("redirect") : 0)
          | (WEB.matcher(written).find() ? kind("scheme") | kind("path") : 0);
    }
    // What it says of a person, or lets in, it says in any form.
    long left = kind("dispatch") | kind("personal") | kind("leak") | kind("secretlog");
    for (Map.Entry<String, String> each : BY.entrySet()) {
      boolean harms = each.getValue().chars().anyMatch(many::get);
      left |= harms ? kind(each.getKey()) : 0;
    }
    boolean slash = pattern.all().get('/') || pattern.all().get('\\');
    if (slash && many.get('.')) {
      left |= kind("path");
    }
    if (HOST.matcher(pattern.start()).find()) {
      left &= ~kind("url");
    } else if ((pattern.start().equals("/") && !pattern.next().get('/'))
        || pattern.start().matches("/[^/\\\\].*")) {
      // In the site, whatever follows.
      left &= ~kind("redirect");
    } else if (slash && many.get('.')) {
      left |= kind("redirect");
    }
    left |= many.get('_') && many.get('p') ? kind("proto") : 0;
    return Guards.BY_FORM & ~left;
  }

  /// What a text can no longer do without these characters.
  private long without(BitSet denied) {
    long kinds = 0;
    for (Map.Entry<String, String> each : BY.entrySet()) {
      boolean harms = each.getValue().chars().anyMatch(c -> !denied.get(c));
      kinds |= harms ? 0 : kind(each.getKey());
    }
    return kinds | (denied.get('/') && denied.get('\\') ? kind("path") : 0);
  }

  private long kind(String name) {
    return all.model.kind(name);
  }
}
