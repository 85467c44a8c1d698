package dev.prguard.review.syntax;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.treesitter.TSParser;
import org.treesitter.TreeSitterGo;
import org.treesitter.TreeSitterJava;
import org.treesitter.TreeSitterJavascript;
import org.treesitter.TreeSitterPython;
import org.treesitter.TreeSitterTypescript;

/// Our end of a [GrammarWorker]: starts it at the first question, kills it when it is late, starts
/// another after that. Whatever hostile text does to the native parser (a crash, minutes,
/// gigabytes) ends with the worker. One question at a time; callers wait for each other.
public final class GrammarProcess implements AutoCloseable {

  /// More errors of a file are not told.
  public static final int MAX_ERRORS = Grammar.MAX_ERRORS;

  /// A loaded machine starts a JVM slowly, and loads a grammar slowly.
  private static final Duration START = Duration.ofSeconds(30);

  /// The worker watches the deadline too; this is for when it cannot.
  private static final Duration GRACE = Duration.ofMillis(200);

  private static final Duration END = Duration.ofSeconds(2);

  private @Nullable Worker worker;
  private @Nullable Path folder;
  private @Nullable String unavailable;

  /// No answer, and why.
  public static final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean noGrammar;

    NoAnswerException(String reason, boolean noGrammar) {
      super(reason, null, false, false);
      this.noGrammar = noGrammar;
    }

    /// True when no text of this language can be parsed here, false when it is about this text.
    public boolean noGrammar() {
      return noGrammar;
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /// @param known languages whose grammar it has loaded
  private record Worker(
      Process process, DataOutputStream out, DataInputStream in, Set<ParsedLanguage> known) {}

  private interface Exchange<T> {
    T with(Worker worker) throws IOException, NoAnswerException;
  }

  /// See [Grammar#errors].
  public List<SyntaxError> errors(ParsedLanguage language, byte[] content, Duration deadline)
      throws NoAnswerException {
    return ask(GrammarWorker.ERRORS, language, content, 0, 0, deadline, GrammarProcess::readErrors);
  }

  /// See [Grammar#tokens].
  public List<Token> tokens(
      ParsedLanguage language, byte[] content, int from, int to, Duration deadline)
      throws NoAnswerException {
    return ask(
        GrammarWorker.TOKENS, language, content, from, to, deadline, GrammarProcess::readTokens);
  }

  /// The syntax tree of a text, without comments and punctuation.
  ///
  /// @throws NoAnswerException when the text took longer than `deadline`, is too deep or too large,
  ///   or there is no grammar here
  public SyntaxTree tree(ParsedLanguage language, byte[] content, Duration deadline)
      throws NoAnswerException {
    return ask(
        GrammarWorker.TREE,
        language,
        content,
        0,
        0,
        deadline,
        worker -> SyntaxTree.read(worker.in(), content));
  }

  private synchronized <T> T ask(
      byte operation,
      ParsedLanguage language,
      byte[] content,
      int from,
      int to,
      Duration deadline,
      Exchange<T> answer)
      throws NoAnswerException {
    Worker current = worker();
    return within(
        deadline.plus(current.known().add(language) ? START : GRACE),
        current,
        "could not be parsed within " + deadline.toMillis() + " ms",
        w -> {
          w.out().writeByte(operation);
          w.out().writeUTF(language.name());
          w.out().writeLong(deadline.toMillis());
          w.out().writeInt(from);
          w.out().writeInt(to);
          w.out().writeInt(content.length);
          w.out().write(content);
          w.out().flush();
          return switch (w.in().readByte()) {
            case GrammarWorker.ANSWER -> answer.with(w);
            case GrammarWorker.NO_GRAMMAR -> throw new NoAnswerException(w.in().readUTF(), true);
            default ->
                throw new NoAnswerException(
                    "could not be parsed within " + deadline.toMillis() + " ms", false);
          };
        });
  }

  private static List<SyntaxError> readErrors(Worker worker) throws IOException {
    int count = worker.in().readInt();
    List<SyntaxError> errors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      errors.add(
          new SyntaxError(worker.in().readInt(), worker.in().readInt(), worker.in().readUTF()));
    }
    return errors;
  }

  private static List<Token> readTokens(Worker worker) throws IOException {
    int count = worker.in().readInt();
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tokens.add(
          new Token(
              worker.in().readInt(),
              worker.in().readInt(),
              worker.in().readUTF(),
              worker.in().readLong()));
    }
    return tokens;
  }

  /// Runs the exchange; a worker that is late, crashes or answers nonsense is killed.
  private <T> T within(Duration limit, Worker current, String late, Exchange<T> exchange)
      throws NoAnswerException {
    FutureTask<T> task = new FutureTask<>(() -> exchange.with(current));
    Thread.ofVirtual().start(task);
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NoAnswerException known) {
        throw known;
      }
      kill();
      throw new NoAnswerException("the parser crashed on this text", false);
    } catch (TimeoutException e) {
      kill();
      throw new NoAnswerException(late, false);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new NoAnswerException("interrupted", false);
    }
  }

  private Worker worker() throws NoAnswerException {
    if (unavailable != null) {
      throw new NoAnswerException(unavailable, true);
    }
    Worker running = worker;
    if (running != null) {
      return running;
    }
    try {
      Worker started = start();
      worker = started;
      byte ready = within(START, started, "the parser did not start", w -> w.in().readByte());
      if (ready == GrammarWorker.READY) {
        return started;
      }
    } catch (IOException | NoAnswerException e) {
      // Told below.
    }
    kill();
    unavailable = "the parser process did not start on this machine";
    throw new NoAnswerException(unavailable, true);
  }

  private Worker start() throws IOException {
    if (folder == null) {
      folder = Files.createTempDirectory("pr-guard-parser");
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            classPath(),
            GrammarWorker.class.getName());
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    return new Worker(
        process,
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
        new DataInputStream(new BufferedInputStream(process.getInputStream())),
        EnumSet.noneOf(ParsedLanguage.class));
  }

  /// Only the jars that the worker needs, wherever this process has them from.
  private static String classPath() throws IOException {
    Set<String> entries = new LinkedHashSet<>();
    for (Class<?> type :
        List.of(
            GrammarWorker.class,
            TSParser.class,
            TreeSitterPython.class,
            TreeSitterJavascript.class,
            TreeSitterTypescript.class,
            TreeSitterJava.class,
            TreeSitterGo.class)) {
      try {
        entries.add(
            Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
    }
    return String.join(System.getProperty("path.separator"), entries);
  }

  private void kill() {
    Worker dead = worker;
    worker = null;
    if (dead != null) {
      dead.process().destroyForcibly();
    }
  }

  /// Ends the worker and removes what it unpacked.
  @Override
  public synchronized void close() {
    Worker running = worker;
    worker = null;
    try {
      if (running != null) {
        running.out().close();
        if (!running.process().waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
          running.process().destroyForcibly();
        }
      }
      if (folder != null) {
        remove(folder);
      }
    } catch (IOException e) {
      // Rubbish in the temporary folder is all that can be left.
    } catch (InterruptedException e) {
      running.process().destroyForcibly();
      Thread.currentThread().interrupt();
    }
    folder = null;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
