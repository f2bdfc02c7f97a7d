package dev.fanfare.testing;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client without WebSocket: one session of `xhr_streaming` or `xhr_polling`, in bytes as
/// pusher-js sends them.
public final class FallbackClient {

  private static final AtomicInteger SESSIONS = new AtomicInteger();
  private static final int BASE = 32;
  private static final Pattern SOCKET_ID = Pattern.compile("socket_id\\\\+\":\\\\+\"(\\d+\\.\\d+)");

  private final int port;
  private final String path;
  private final AtomicInteger numbers = new AtomicInteger();

  /// A new session.
  ///
  /// @param app the app's key, or the key, a slash and a tag
  public FallbackClient(int port, String app) {
    this.port = port;
    String id = Integer.toString(BASE * BASE * BASE + SESSIONS.incrementAndGet(), BASE);
    this.path = "/pusher/app/" + app + "/7/" + "0".repeat(8 - id.length()) + id;
  }

  /// Everything before the kind of request.
  public String path() {
    return path;
  }

  /// A POST as pusher-js sends it.
  public String request(String kind, String body, String... headers) {
    String query =
        kind.equals("xhr_send") ? "?" : "?protocol=7&client=js&version=8.6.0&flash=false&";
    String numbered = path + "/" + kind + query + "t=1&n=" + numbers.incrementAndGet();
    String request =
        RawHttp.request("POST", numbered, body, headers)
            .replace("\r\n\r\n", "\r\nContent-Type: application/json\r\n\r\n");
    return body.isEmpty() ? request.replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n") : request;
  }

  /// Opens a streaming response.
  public Stream stream(String... headers) throws IOException {
    RawSocket socket = new RawSocket(port);
    socket.send(request("xhr_streaming", "", headers));
    return new Stream(socket);
  }

  /// Asks for what waits, and reads it.
  public String poll() throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      return http.send(request("xhr", "")).next().body();
    }
  }

  /// Sends messages; returns the status.
  public int send(String... messages) throws IOException {
    StringBuilder body = new StringBuilder("[");
    for (String message : messages) {
      body.append(body.length() > 1 ? "," : "").append(quoted(message));
    }
    try (RawHttp http = new RawHttp(port)) {
      return http.send(request("xhr_send", body + "]")).next().status();
    }
  }

  /// A JSON string of a text without control characters.
  public static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /// A message that subscribes to a public channel.
  public static String subscribe(String channel) {
    return "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}";
  }

  /// The line that carries one message.
  public static String line(String message) {
    return "a[" + quoted(message) + "]";
  }

  /// A streaming response.
  public static final class Stream implements AutoCloseable {

    private final RawSocket socket;
    private final String head;
    private String rest = "";
    private boolean isEnded;
    private long units;

    private Stream(RawSocket socket) throws IOException {
      this.socket = socket;
      this.head = socket.readHead();
    }

    /// Status line and headers.
    public String head() {
      return head;
    }

    /// The next line without its line feed; empty at the end of the response.
    public String next() throws IOException {
      while (!rest.contains("\n") && !isEnded) {
        int size = Integer.parseInt(readLine(), 16);
        rest += socket.readBody(size);
        socket.readBody(2);
        isEnded = size == 0;
      }
      int end = rest.indexOf('\n');
      String line = end < 0 ? "" : rest.substring(0, end);
      rest = end < 0 ? "" : rest.substring(end + 1);
      units += end + 1;
      return line;
    }

    /// UTF-16 code units of the lines so far.
    public long units() {
      return units;
    }

    private String readLine() throws IOException {
      StringBuilder line = new StringBuilder();
      while (!line.toString().endsWith("\r\n")) {
        String read = socket.readBody(1);
        if (read.isEmpty()) {
          throw new IOException("the response was cut");
        }
        line.append(read);
      }
      return line.toString().strip();
    }

    /// The next line that contains `part`.
    public String nextContaining(String part) throws IOException {
      while (true) {
        String line = next();
        if (line.contains(part)) {
          return line;
        }
        if (line.isEmpty()) {
          throw new IOException("the response ended without " + part);
        }
      }
    }

    /// Reads the first lines of a session; returns the id of its socket.
    public String established() throws IOException {
      String open = next();
      String greeting = next();
      Matcher matcher = SOCKET_ID.matcher(greeting);
      if (!open.startsWith("o{") || !matcher.find()) {
        throw new IOException("no greeting: " + open + " " + greeting);
      }
      return matcher.group(1);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
