package dev.fanfare.testing;

import dev.fanfare.app.App;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stream of a console that was asked for on behalf of an app, line by line.
public final class StreamOfRows implements AutoCloseable {

  private static final int PATIENCE_MS = 60_000;
  private static final String PATH = "/api/stream";
  private static final Pattern ROW = Pattern.compile("\\{(?:[^{}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*}");

  private final Socket socket;
  private final BufferedReader lines;
  private final ArrayDeque<String> rows = new ArrayDeque<>();

  /// @param query begins with `&` unless it is empty
  public StreamOfRows(int port, App app, String query, String... headers) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    long now = System.currentTimeMillis() / 1_000;
    String signed = Api.signedQuery(app, "GET", PATH, "app=" + app.id() + query, "", now);
    StringBuilder head = new StringBuilder("GET " + PATH + "?" + signed + " HTTP/1.1\r\n");
    head.append("Host: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
    lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /// The next line.
  public String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new EOFException("the stream has ended");
    }
    return line;
  }

  /// The next line that begins like that, apart from those of figures.
  public String next(String start) throws IOException {
    String line;
    boolean isSeries = false;
    do {
      line = line();
      isSeries = line.equals("event: series") || (isSeries && !line.isEmpty());
    } while (isSeries || !line.startsWith(start));
    return line;
  }

  /// The next row; rows whose fields are objects are not for this.
  public String row() throws IOException {
    while (rows.isEmpty()) {
      Matcher found = ROW.matcher(next("data: ["));
      while (found.find()) {
        rows.add(found.group());
      }
    }
    return rows.remove();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
