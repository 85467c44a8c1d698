package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import java.util.List;
import java.util.Set;

/// What is kept in a cache, and under which key: `keyed=(0=value, 1=what the key is made of)`.
final class CacheKeys {

  private static final Set<String> KEEPS = Set.of("set", "setex", "setEx", "put", "hset", "hSet");
  private static final Pattern CACHE = Pattern.compile("(?i)cache|redis|memo");

  private static final int MAX_MAKERS = 8;

  private final Evaluator all;

  CacheKeys(Evaluator all) {
    this.all = all;
  }

  void check(Expr.Call call, CallSite site) {
    if (!KEEPS.contains(site.method())
        || call.args().size() < 2
        || !(call.callee() instanceof Expr.Member(Expr object, String _, int _))
        || !(CACHE.matcher(Names.dotted(object)).find()
            || CACHE.matcher(site.receiver().name()).find())) {
      return;
    }
    // As many steps as are looked at, about.
    all.spend(1_000);
    String madeOf = madeOf(call.args().getFirst().value());
    if (!madeOf.isEmpty()) {
      // setex(key, seconds, value), set(key, value, options)
      int at = site.method().equalsIgnoreCase("setex") ? 2 : 1;
      Value kept = at < site.args().size() ? site.args().get(at) : Value.UNKNOWN;
      all.named.check(
          "keyed=", List.of(kept, Value.constant(madeOf)), site.receiver(), site.line());
    }
  }

  /// The names and constants of the key, of the variable that it is in, and of the function that
  /// makes it.
  private String madeOf(Expr key) {
    Function around = all.sinks.around.innermost();
    String said = Mentions.of(key);
    if (key instanceof Expr.Name(String name, int _) && around != null) {
      said += Mentions.assigned(name, around.body());
    }
    StringBuilder made = new StringBuilder(said);
    int makers = 0;
    for (String word : said.split(",", -1)) {
      Function maker =
          word.startsWith("name=") && makers < MAX_MAKERS
              ? all.definitions.function(word.substring(5))
              : null;
      if (maker != null) {
        makers++;
        made.append(Mentions.of(maker.body()));
      }
    }
    return made.toString();
  }
}
