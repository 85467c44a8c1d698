package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;

/// What objects are set to, kept among what they hold.
final class ObjectSettings {

  private static final Pattern SETTING =
      Pattern.compile(
          "^(?:set|with|add|allow|enable|disable|secure|httpOnly|sameSite|http_only|start_?tls|prot_p|writeHead|type$|contentType$)");

  private static final Pattern PRODUCT =
      Pattern.compile("^(?:(?:new|create)[A-Z]\\w*|build|getXMLReader|getWriter|getOutputStream)$");

  private static final Pattern FACTORY =
      Pattern.compile("^(?:new(?:Default)?(?:NS)?(?:Instance|Factory)|createTempFile)$");

  private final Evaluator all;

  ObjectSettings(Evaluator all) {
    this.all = all;
  }

  /// Keeps a setting with the object that it was made on: `setSecure:true`.
  ///
  /// @return the number of what is known of the object, 0 when this is no setting
  int remember(Expr.Call call, CallSite site) {
    header(call, site);
    if (!(call.callee() instanceof Expr.Member member)
        || !SETTING.matcher(site.method()).find()
        || site.args().size() > 3) {
      return 0;
    }
    StringBuilder key = new StringBuilder(site.method());
    for (Value arg : site.args()) {
      Object constant = arg.single();
      key.append(':').append(constant == null ? arg.name() : constant);
      Shape held = all.env().shape(arg.shape());
      if (held != null && held.entries().size() < 9) {
        // writeHead(200, {"Content-Type": "text/plain"})
        held.entries()
            .forEach(
                (name, value) -> key.append(':').append(name).append(':').append(value.single()));
      }
    }
    return all.expressions.bindings().keep(member.object(), site.receiver(), key.toString());
  }

  /// `w.Header().Set("Content-Type", "text/plain")` of Go is a setting of `w`.
  private void header(Expr.Call call, CallSite site) {
    if (all.language == ParsedLanguage.GO
        && site.args().size() == 2
        && site.name().endsWith("Header().Set")
        && call.callee() instanceof Expr.Member(Expr.Call headers, String _, int _)
        && headers.callee() instanceof Expr.Member(Expr.Name writer, String _, int _)
        && site.args().getFirst().text() != null
        && site.args().getLast().text() != null) {
      String key = site.args().getFirst().text() + ':' + site.args().getLast().text();
      Value held = all.expressions.quietly(writer);
      if (!held.isConstant()) {
        all.expressions.bindings().keep(writer, held, key);
      }
    }
  }

  /// What an object is made of: `new Yaml(new SafeConstructor())` is another than `new Yaml()`.
  static Shape madeOf(CallSite site) {
    Shape made = Shape.MAP;
    for (Value arg : site.args()) {
      if (!arg.name().isEmpty()) {
        made = made.with("new:" + arg.name(), Value.UNKNOWN);
      }
    }
    return made;
  }

  /// Whether it is a new factory, what it is set to elsewhere is known of it as well; or a file
  /// whose origin matters when it is used.
  boolean isFactory(CallSite site) {
    return all.language == ParsedLanguage.JAVA && FACTORY.matcher(site.method()).find();
  }

  /// Whether a factory makes something by its own settings: `factory.newDocumentBuilder()`.
  boolean isProduct(CallSite site) {
    return site.receiver().shape() != 0
        && all.language == ParsedLanguage.JAVA
        && PRODUCT.matcher(site.method()).find();
  }
}
