package dev.prguard.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A real Chromium without a window, driven by its own DevTools protocol over a WebSocket: no
/// driver to download.
final class Chromium implements AutoCloseable, WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final StringBuilder partial = new StringBuilder();

  private Chromium(Process process, URI browser) throws Exception {
    this.process = process;
    HttpRequest newPage =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + browser.getPort() + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    String target = http.send(newPage, HttpResponse.BodyHandlers.ofString()).body();
    URI page = URI.create(JSON.readTree(target).path("webSocketDebuggerUrl").asText());
    this.socket = http.newWebSocketBuilder().buildAsync(page, this).join();
    call("Page.enable", Map.of());
    call("Runtime.enable", Map.of());
    call("Log.enable", Map.of());
  }

  /// Where it is installed.
  static Optional<Path> find() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Chromium start(Path binary, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                binary.toString(),
                "--headless=new",
                // In a container it has no rights for its own sandbox; it sees our pages alone.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile)
            .redirectErrorStream(true)
            .start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("DevTools listening on ")) {
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return new Chromium(process, URI.create(line.substring("DevTools listening on ".length())));
      }
    }
    throw new IOException("Chromium did not start");
  }

  private JsonNode call(String method, Map<String, Object> params) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(params));
    socket.sendText(message.toString(), true).join();
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      try {
        JsonNode message = JSON.readTree(partial.toString());
        partial.setLength(0);
        take(message);
      } catch (IOException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    webSocket.request(1);
    return CompletableFuture.completedFuture(null);
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      Objects.requireNonNull(waiting.remove(message.path("id").asInt())).complete(message);
    } else if (message.path("method").asText().equals("Runtime.exceptionThrown")) {
      problems.add(message.at("/params/exceptionDetails").toString());
    } else if (message.path("method").asText().equals("Log.entryAdded")
        && message.at("/params/entry/level").asText().equals("error")
        // A query that is refused is no fault of the page.
        && !message.at("/params/entry/text").asText().contains("status of 400")) {
      problems.add(message.at("/params/entry").toString());
    }
  }

  /// Exceptions of scripts, and what the page's policy did not let happen.
  List<String> problems() {
    return List.copyOf(problems);
  }

  void size(int width, int height, String scheme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void open(String address) throws Exception {
    call("Page.navigate", Map.of("url", address));
  }

  /// The value of an expression, as text.
  String text(String expression) throws Exception {
    return call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true))
        .at("/result/result/value")
        .asText();
  }

  void await(String expression) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!text("String(!!(" + expression + "))").equals("true")) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            expression + " never came true; the page: " + text("document.body.innerText"));
      }
      Thread.sleep(50);
    }
  }

  void press(String key, int code, int modifiers) throws Exception {
    // A key that writes something is pressed only when it does.
    String text = modifiers != 0 ? "" : key.equals("Enter") ? "\r" : key.equals(" ") ? " " : "";
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              key,
              "code",
              key,
              "text",
              type.equals("keyDown") ? text : "",
              "windowsVirtualKeyCode",
              code,
              "modifiers",
              modifiers));
    }
  }

  void type(String text) throws Exception {
    call("Input.insertText", Map.of("text", text));
  }

  void screenshot(Path file) throws Exception {
    String png =
        call("Page.captureScreenshot", Map.of("format", "png")).at("/result/data").asText();
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, Base64.getDecoder().decode(png));
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
