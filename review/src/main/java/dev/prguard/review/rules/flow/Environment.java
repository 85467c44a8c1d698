package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import java.util.List;
import java.util.Set;

/// What holds secrets beside other things: of the variables of a process some are, of the columns
/// of a row.
final class Environment {

  private static final Set<String> HOLDERS = Set.of("os.environ", "process.env", "import.meta.env");

  /// Members that are all of it, or some rows: `frame.iloc[:20]`, `result.rows`.
  private static final Set<String> WHOLE =
      Set.of("iloc", "loc", "values", "data", "rows", "records", "items", "T");

  private static final Set<String> READERS =
      Set.of("os.environ.get", "os.getenv", "System.getenv", "os.Getenv", "getenv", "environ.get");

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(key|token|secret|passw|pwd|pass$|credential|dsn|auth|private|(^|_)pin|salt|signing|cookie"
              + "|webhook|conn\\w*_?str|(database|db|redis|mongo\\w*|postgres\\w*|mysql|amqp|broker|sql)\\w*_?(url|uri)).*");

  private Environment() {}

  /// What is left of the taints of a member of `os.environ`, by its name.
  static List<Taint> member(List<Taint> taints, String holder, String name, FlowModel model) {
    return HOLDERS.contains(holder)
        ? known(taints, name, model)
        : WHOLE.contains(name) ? taints : column(taints, model);
  }

  /// Whether a member of the program's settings is a secret: `settings.broker_password`.
  static boolean isSecretSetting(String holder, String name) {
    return SETTINGS.matches(holder) && SECRET_SETTING.matches(name);
  }

  private static final Pattern SETTINGS =
      Pattern.compile(
          "(?:.*\\.)?(?:settings|config|conf|cfg|secrets|Config|Settings|configuration)(?:\\(\\))?");

  private static final Pattern SECRET_SETTING =
      Pattern.compile(
          "(?i)(?:.*_)?(?:password|passwd|secret|secret_?key|api_?key|access_?key|private_?key|auth_?token|access_?token|api_?token|client_?secret)"
              + "|.*(?:Password|Secret|ApiKey|AccessKey|PrivateKey|AuthToken|AccessToken|ApiToken)");

  /// `ticket.body` is what somebody has written, whatever call `ticket` comes from.
  static Value called(Value value, String variable, Expr.Member member, FlowModel model) {
    String written = variable + '.' + member.name();
    if (value.isConstant() || value.name().equals(written)) {
      return value;
    }
    long foreign =
        model.label("retrieved")
            | model.label("asked")
            | model.label("tool")
            | model.label("model");
    long labels = model.source(written, false, false) & foreign;
    return labels == 0 ? value : value.withTaint(Taint.at(labels, member.line(), written));
  }

  /// One column of a row is what its own name says, not what the others are.
  static List<Taint> column(List<Taint> taints, FlowModel model) {
    long row = model.label("row");
    if (row == 0 || taints.stream().noneMatch(taint -> (taint.labels() & row) != 0)) {
      return taints;
    }
    return taints.stream()
        .filter(taint -> taint.labels() != row)
        .map(taint -> taint.without(row))
        .toList();
  }

  /// The same of what a call reads.
  static Value read(Value value, CallSite site, FlowModel model) {
    String name =
        READERS.contains(site.name()) && !site.args().isEmpty()
            ? site.args().getFirst().text()
            : null;
    return name == null ? value : value.withTaints(known(value.taints(), name, model));
  }

  private static List<Taint> known(List<Taint> taints, String name, FlowModel model) {
    long secret = model.label("secret");
    if (secret == 0 || taints.isEmpty() || SECRET.matches(name)) {
      return taints;
    }
    return taints.stream()
        .filter(taint -> taint.labels() != secret)
        .map(taint -> taint.without(secret))
        .toList();
  }

  /// Labels of a member: `choices[0].message.content` is a model's, and not what somebody has
  /// written to a bot.
  static long said(List<Taint> of, long labels, FlowModel model) {
    long answer = model.label("model");
    return of.stream().anyMatch(taint -> (taint.labels() & answer) != 0)
        ? labels & ~model.label("request")
        : labels;
  }
}
