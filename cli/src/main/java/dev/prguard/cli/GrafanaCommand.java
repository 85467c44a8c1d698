package dev.prguard.cli;

import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.grafana.GrafanaFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `pr-guard grafana`: dashboard and alerts, as files or straight into a Grafana.
@Command(
    name = "grafana",
    description = "Dashboard and alerts: as files, or straight into a Grafana.",
    subcommands = {GrafanaCommand.Export.class, GrafanaPushCommand.class},
    mixinStandardHelpOptions = true)
final class GrafanaCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// `pr-guard grafana export DIR`.
  @Command(
      name = "export",
      description = {
        "Writes dashboard, alert rules, data sources and Tempo's overrides as files.",
        "Budgets in the alerts are those of your config.yml."
      },
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder; it is made when it is missing.")
    String folder = "";

    @SuppressWarnings("NullAway.Init") // picocli injects it
    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      Budgets budgets = CheckCommand.budgets(System.getenv());
      Path target = path(folder);
      Map<String, String> files = GrafanaFiles.all(budgets);
      files.forEach((name, text) -> {
        Path file = target.resolve(name);
        makeFolder(Objects.requireNonNullElse(file.getParent(), target));
        OutputTarget.write(
            "grafana export",
            file.toString(),
            System.out,
            stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
      });
      PrintWriter out = spec.commandLine().getOut();
      out.println(files.size() + " files in " + target.toAbsolutePath().normalize());
      files.keySet().forEach(name -> out.println("  " + name));
      out.flush();
      return ExitCode.FINE.code();
    }

    private static Path path(String folder) {
      try {
        if (!folder.isBlank()) {
          return Path.of(folder);
        }
      } catch (InvalidPathException e) {
        throw CommandException.wrongInput("grafana export: not the name of a folder", e);
      }
      throw CommandException.wrongInput("grafana export: the name of the folder is empty");
    }

    private static void makeFolder(Path folder) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw CommandException.wrongInput(
            folder + ": cannot be written: not a folder, or no right to make it", e);
      }
    }
  }
}
