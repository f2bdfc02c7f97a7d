package dev.fanfare.testing;

import dev.fanfare.app.App;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One TCP connection that speaks HTTP in bytes: requests exactly as a test writes them, answers in
/// their parts.
public final class RawHttp implements AutoCloseable {

  /// One answer.
  ///
  /// @param lines the status line and the header lines
  public record Answer(List<String> lines, String body) {

    public int status() {
      return Integer.parseInt(lines.getFirst().split(" ", 3)[1]);
    }

    /// The body of a refusal in plain text without the line feed that ends it.
    public String reason() {
      if (!body.endsWith("\n")) {
        throw new AssertionError("no line feed at the end of: " + body);
      }
      return body.substring(0, body.length() - 1);
    }

    /// Status and body in one line; of a refusal, status and reason.
    public String line() {
      return status() + " " + (status() < 400 ? body : reason());
    }

    /// The value of a header, whatever the case of its name, or null.
    public @Nullable String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst()
          .orElse(null);
    }
  }

  private final RawSocket socket;

  public RawHttp(int port) throws IOException {
    this(new RawSocket(port));
  }

  /// @param patience how long to wait for each part of an answer
  public RawHttp(int port, Duration patience) throws IOException {
    this(port);
    socket.patience(patience);
  }

  /// Speaks over a socket that is connected already.
  public RawHttp(RawSocket socket) {
    this.socket = socket;
  }

  /// Sends bytes as they are.
  public RawHttp send(String bytes) throws IOException {
    socket.send(bytes);
    return this;
  }

  /// Reads one answer and its body.
  public Answer next() throws IOException {
    Answer head = nextHead();
    String length = head.header("Content-Length");
    return new Answer(
        head.lines(), length == null ? "" : socket.readBody(Integer.parseInt(length)));
  }

  /// Reads one answer that has no body, whatever its `Content-Length` says.
  public Answer nextHead() throws IOException {
    return new Answer(socket.readHead().lines().filter(line -> !line.isEmpty()).toList(), "");
  }

  /// True if the server ends TCP within five seconds, whatever it sends before.
  public boolean isEnded() throws IOException {
    return socket.isEnded();
  }

  /// Sends until the server no longer takes anything, for at most five seconds.
  public void sendUntilRefused() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    try {
      while (System.nanoTime() < deadline) {
        socket.send(" ".repeat(1_000));
      }
    } catch (IOException e) {
      return;
    }
    throw new AssertionError("the server still reads after five seconds");
  }

  /// A signed request for `/apps/ID` + `path`, as text.
  public static String signed(App app, String method, String path, String body, String... headers) {
    String full = "/apps/" + app.id() + path;
    return request(method, full + "?" + query(app, method, full, body), body, headers);
  }

  /// The signed query of a request.
  public static String query(App app, String method, String path, String body) {
    return Api.signedQuery(app, method, path, "", body, System.currentTimeMillis() / 1_000);
  }

  /// A request with a body of known length, if it has one.
  public static String request(String method, String target, String body, String... headers) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + (length == 0 ? "" : "Content-Length: " + length + "\r\n")
        + "\r\n"
        + body;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
