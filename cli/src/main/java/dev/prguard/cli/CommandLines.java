package dev.prguard.cli;

import dev.prguard.store.StoreFormatException;
import dev.prguard.store.StoreUnavailableException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// Arguments to commands, and exceptions to exit codes: the one place where either happens.
final class CommandLines {
  /// Columns of the help, as of the reports: picocli's own 80 break most descriptions.
  private static final int HELP_WIDTH = 100;

  /// In the order of the help.
  private static final List<Class<?>> COMMANDS =
      List.of(
          ReviewCommand.class,
          RulesCommand.class,
          TraceCommand.class,
          QueryCommand.class,
          TelemetryCommand.class,
          StoreCommand.class,
          PricesCommand.class,
          ReportCommand.class,
          CheckCommand.class,
          ServeCommand.class,
          GrafanaCommand.class,
          ImportCommand.class,
          DemoDataCommand.class);

  private CommandLines() {}

  /// `pr-guard` without a command prints the help.
  @Command(
      name = "pr-guard",
      description = "Reviews pull requests for security, and accounts for every cent of it.",
      versionProvider = VersionLine.class,
      mixinStandardHelpOptions = true)
  static final class PrGuard implements Runnable {
    @Option(
        names = "--debug",
        scope = ScopeType.INHERIT,
        description = "Print the stack trace of a failure.")
    boolean debug;

    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }

  static final class VersionLine implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"pr-guard " + Version.read()};
    }
  }

  static int execute(List<String> args, PrintStream out, PrintStream err) {
    CommandLine commandLine = parser(args);
    commandLine
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(HELP_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, arguments) -> wrongUsage(e, err))
        .setExecutionExceptionHandler(
            (e, command, result) -> failed(e, result.matchedOptionValue("--debug", false), err));
    try {
      return commandLine.execute(args.toArray(String[]::new));
    } catch (OutOfMemoryError e) {
      return outOfMemory(e, args.contains("--debug"), err);
    }
  }

  /// What takes these arguments apart.
  static CommandLine parser(List<String> args) {
    CommandLine parser = new CommandLine(new PrGuard());
    commands(args).forEach(parser::addSubcommand);
    return parser;
  }

  /// The command that is named, else all of them: picocli takes longer to read the options of all
  /// than a small command runs.
  private static List<Class<?>> commands(List<String> args) {
    String first = args.isEmpty() ? "" : args.getFirst();
    for (Class<?> command : COMMANDS) {
      if (command.getAnnotation(Command.class).name().equals(first)) {
        return List.of(command);
      }
    }
    return COMMANDS;
  }

  private static int wrongUsage(ParameterException e, PrintStream err) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String suggestion =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions().stream()
                .limit(3)
                .reduce((one, other) -> one + " or " + other)
                .map(words -> "; did you mean " + words + "?")
                .orElse("")
            : "";
    err.println("pr-guard: " + firstLine(e) + suggestion + " (see " + command + " --help)");
    return ExitCode.WRONG_INPUT.code();
  }

  /// Not the user's fault, but the user's to change: the launcher's limit suits nearly all changes.
  private static int outOfMemory(OutOfMemoryError e, boolean debug, PrintStream err) {
    err.println(
        "pr-guard: this needs more than the "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MB of memory that it may take; give it a smaller part (--base and --head of a review,"
            + " a shorter time of a query) or more memory: PR_GUARD_JAVA_OPTIONS=-Xmx2g");
    if (debug) {
      e.printStackTrace(err);
    }
    return ExitCode.WRONG_INPUT.code();
  }

  static int failed(Exception e, boolean debug, PrintStream err) {
    if (e.getCause() instanceof OutOfMemoryError error) {
      return outOfMemory(error, debug, err);
    }
    ExitCode exitCode;
    if (e instanceof CommandException known) {
      exitCode = known.exitCode();
      err.println("pr-guard: " + known.getMessage());
    } else if (e instanceof StoreFormatException || e instanceof StoreUnavailableException) {
      exitCode = ExitCode.WRONG_INPUT;
      err.println("pr-guard: " + firstLine(e));
    } else if (e instanceof CancellationException) {
      exitCode = ExitCode.OUTSIDE_FAILED;
      err.println("pr-guard: stopped: " + firstLine(e));
    } else {
      exitCode = ExitCode.OUTSIDE_FAILED;
      err.println(
          "pr-guard: internal error: "
              + e.getClass().getSimpleName()
              + ": "
              + firstLine(e)
              + " (--debug prints where)");
    }
    if (debug) {
      e.printStackTrace(err);
    }
    return exitCode.code();
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage();
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }
}
