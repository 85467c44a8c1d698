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
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.treesitter.TSParser;
import org.treesitter.TreeSitterGo;
import org.treesitter.TreeSitterJava;
import org.treesitter.TreeSitterJavascript;
import org.treesitter.TreeSitterPython;
import org.treesitter.TreeSitterTsx;
import org.treesitter.TreeSitterTypescript;

/// Our end of a [GrammarWorker]: starts it at the first question, kills it when it is late, starts
/// another after that. Whatever hostile text does to the native parser (a crash, minutes,
/// gigabytes) ends with the worker. One question at a time; callers wait for each other.
public final class GrammarProcess implements AutoCloseable {

  /// More errors of a file are not told.
  public static final int MAX_ERRORS = Grammar.MAX_ERRORS;

  /// A loaded machine starts a JVM slowly, and loads a grammar slowly.
  private static final Duration START = Duration.ofSeconds(30);

  private static final Duration LOAD = START.dividedBy(Deadline.PATIENCE);

  /// The worker watches the deadline too; this is for when it cannot.
  private static final Duration GRACE = Duration.ofMillis(200);

  private static final Duration END = Duration.ofSeconds(2);

  private static final byte[] NOTHING = {};

  /// Beside the jars: the libraries of this system, which the build has taken out of them. Without
  /// it the worker unpacks them.
  private static final String LIBRARIES = "tree-sitter";

  /// Ends workers that are late. Cheaper than another thread for each question.
  private static final ScheduledThreadPoolExecutor WATCH =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("parsers-watch").factory());

  static {
    WATCH.setRemoveOnCancelPolicy(true);
  }

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

  /// @param names by language whose grammar it has loaded: what it said of the names of nodes
  private record Worker(
      Process process,
      DataOutputStream out,
      DataInputStream in,
      Map<ParsedLanguage, List<String>> names) {}

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
        worker ->
            SyntaxTree.read(
                worker.in(),
                worker.names().computeIfAbsent(language, _ -> new ArrayList<>()),
                content));
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
    if (current.names().putIfAbsent(language, new ArrayList<>()) == null) {
      // Loading the grammar is not the text's fault, and must not be what a hostile text hides
      // behind.
      exchange(
          current, GrammarWorker.ERRORS, language, NOTHING, 0, 0, LOAD, GrammarProcess::readErrors);
    }
    return exchange(current, operation, language, content, from, to, deadline, answer);
  }

  private <T> T exchange(
      Worker current,
      byte operation,
      ParsedLanguage language,
      byte[] content,
      int from,
      int to,
      Duration deadline,
      Exchange<T> answer)
      throws NoAnswerException {
    String late = "could not be parsed within " + deadline.toMillis() + " ms";
    return within(
        deadline.multipliedBy(Deadline.PATIENCE).plus(GRACE),
        current,
        late,
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
            default -> throw new NoAnswerException(late, false);
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
    AtomicBoolean over = new AtomicBoolean();
    Future<?> watch =
        WATCH.schedule(
            () -> {
              over.set(true);
              // What is being read from it ends with it.
              current.process().destroyForcibly();
            },
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
    boolean whole = false;
    try {
      T answer = exchange.with(current);
      whole = true;
      return answer;
    } catch (NoAnswerException e) {
      whole = true;
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new NoAnswerException(over.get() ? late : "the parser crashed on this text", false);
    } finally {
      if (!watch.cancel(false) || !whole) {
        kill();
      }
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
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+SuppressFatalErrorMessage",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED"));
    Path libraries = jar(TSParser.class).resolveSibling(LIBRARIES);
    if (Files.isDirectory(libraries)) {
      // Then nothing is written, and a full disk is no reason to see less.
      command.add("-Dtree-sitter-lib=" + libraries);
    } else {
      if (folder == null) {
        folder = Files.createTempDirectory("pr-guard-parser");
      }
      libraries = folder;
      command.add("-Djava.io.tmpdir=" + folder);
    }
    command.addAll(List.of("-cp", classPath(), GrammarWorker.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(libraries.toFile());
    builder.environment().clear();
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    return new Worker(
        process,
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
        new DataInputStream(new BufferedInputStream(process.getInputStream())),
        new EnumMap<>(ParsedLanguage.class));
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
            TreeSitterTsx.class,
            TreeSitterJava.class,
            TreeSitterGo.class)) {
      entries.add(jar(type).toString());
    }
    return String.join(System.getProperty("path.separator"), entries);
  }

  private static Path jar(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
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
