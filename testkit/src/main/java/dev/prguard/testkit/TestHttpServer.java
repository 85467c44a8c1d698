package dev.prguard.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A real HTTP/1.1 server on loopback whose answers a test scripts, faults of the wire included.
/// One virtual thread a connection; every request is kept for assertions.
public final class TestHttpServer implements AutoCloseable {

  /// @param target path and query, as sent
  /// @param headers names in lower case
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Request(String method, String target, Map<String, String> headers, byte[] body) {
    public String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /// What the server does with a request.
  public sealed interface Answer {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, Map<String, String> headers, byte[] body) implements Answer {
      public Reply header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body);
      }
    }

    /// Sends the reply's head with its full length, then only the first `bytes` of the body, then
    /// closes.
    record Truncated(Reply reply, int bytes) implements Answer {}

    /// Closes the connection with a TCP reset, without an answer.
    record Reset() implements Answer {}

    /// Waits, then answers. Longer than the client's patience, it is a hang.
    record Delayed(Duration delay, Answer answer) implements Answer {}

    static Reply json(int status, String body) {
      return new Reply(
          status,
          Map.of("content-type", "application/json"),
          body.getBytes(StandardCharsets.UTF_8));
    }

    static Reply bytes(int status, String contentType, byte[] body) {
      return new Reply(status, Map.of("content-type", contentType), body);
    }
  }

  private final ServerSocket socket;
  private final Function<Request, Answer> handler;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private TestHttpServer(Function<Request, Answer> handler) throws IOException {
    this.handler = handler;
    this.socket = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
  }

  /// Starts on a free port of the loopback interface.
  public static TestHttpServer start(Function<Request, Answer> handler) {
    try {
      TestHttpServer server = new TestHttpServer(handler);
      Thread.ofVirtual().name("test-http-accept").start(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `http://127.0.0.1:PORT`, without a slash at the end.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /// Requests so far, in order of arrival.
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      // Head and body are two writes: without this the second waits 40 ms for the first one's ACK.
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      for (Request request = read(in); request != null; request = read(in)) {
        requests.add(request);
        if (!write(connection, out, handler.apply(request))) {
          return;
        }
      }
    } catch (IOException e) {
      // The client went away: what it saw is what the test asserts on.
    } finally {
      connections.remove(connection);
    }
  }

  private static boolean write(Socket connection, OutputStream out, Answer answer)
      throws IOException {
    return switch (answer) {
      case Answer.Reply reply -> {
        out.write(head(reply));
        out.write(reply.body());
        out.flush();
        yield true;
      }
      case Answer.Truncated(Answer.Reply reply, int bytes) -> {
        out.write(head(reply));
        out.write(reply.body(), 0, Math.min(bytes, reply.body().length));
        out.flush();
        yield false;
      }
      case Answer.Reset() -> {
        connection.setSoLinger(true, 0);
        yield false;
      }
      case Answer.Delayed(Duration delay, Answer then) -> {
        try {
          Thread.sleep(delay);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          yield false;
        }
        yield write(connection, out, then);
      }
    };
  }

  private static byte[] head(Answer.Reply reply) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Scripted\r\n");
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (reply.status() != 204 && reply.status() != 304) {
      head.append("content-length: " + reply.body().length + "\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String start = line(in);
    if (start == null || start.isEmpty()) {
      return null;
    }
    String[] parts = start.split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body;
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      body = chunked(in);
    } else {
      body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    return new Request(parts[0], parts[1], headers, body);
  }

  private static byte[] chunked(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String line = line(in); line != null; line = line(in)) {
      int size = Integer.parseInt(line.strip(), 16);
      body.write(in.readNBytes(size));
      line(in);
      if (size == 0) {
        break;
      }
    }
    return body.toByteArray();
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    closed = true;
    try {
      socket.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
