package dev.fanfare.metrics;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One connection to the metrics port, on its own virtual thread: requests without a body, answered
/// in order.
final class MetricsConnection {

  private static final Logger log = Component.METRICS.logger();

  private static final String PATH = "/metrics";

  private static final int MAX_HEAD_BYTES = 8_192;

  /// How long a connection may wait for its next request.
  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(120);

  /// How long a request may take from its first byte to its last.
  private static final long REQUEST_NS = TimeUnit.SECONDS.toNanos(10);

  private final SocketChannel channel;
  private final Page page;
  private final MetricsSlots slots;
  private final NanoClock clock;

  MetricsConnection(SocketChannel channel, Page page, MetricsSlots slots, NanoClock clock) {
    this.channel = channel;
    this.page = page;
    this.slots = slots;
    this.clock = clock;
  }

  /// Answers until the peer closes, a request is not understood, or time is up.
  void serve() {
    try {
      Socket socket = channel.socket();
      boolean isKept = true;
      while (isKept) {
        String head = readHead(socket);
        isKept =
            head != null && answer(socket, head) && slots.enter(channel, MetricsSlots.Stage.IDLE);
      }
    } catch (IOException e) {
      log.debug("a connection for metrics failed: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("could not render metrics", e);
    } finally {
      slots.end(channel);
    }
  }

  /// The request line and the headers; null if they did not arrive in time, or another connection
  /// needed the place.
  private @Nullable String readHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    long deadlineNs = clock.nanoTime() + IDLE_NS;
    while (head.length() < MAX_HEAD_BYTES) {
      int next = read(socket, deadlineNs);
      if (next < 0 || !slots.enter(channel, MetricsSlots.Stage.SERVING)) {
        return null;
      }
      if (head.isEmpty()) {
        deadlineNs = clock.nanoTime() + REQUEST_NS;
      }
      head.append((char) next);
      // Byte by byte, for there may be a next request behind this one; scrapes are rare and short.
      while (!endsHead(head) && head.length() < MAX_HEAD_BYTES && in.available() > 0) {
        head.append((char) in.read());
      }
      if (endsHead(head)) {
        return head.toString();
      }
      if (!slots.enter(channel, MetricsSlots.Stage.READING)) {
        return null;
      }
    }
    return null;
  }

  /// The next byte; -1 if the peer has closed or the deadline has passed. The deadline is one of
  /// `clock`, which may have stood still.
  private int read(Socket socket, long deadlineNs) throws IOException {
    while (true) {
      long leftNs = deadlineNs - clock.nanoTime();
      try {
        socket.setSoTimeout(1 + (int) TimeUnit.NANOSECONDS.toMillis(Math.max(0, leftNs)));
        return socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        if (leftNs <= 0) {
          return -1;
        }
      }
    }
  }

  private static boolean endsHead(StringBuilder head) {
    return head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0;
  }

  /// @return whether the connection stays open
  private boolean answer(Socket socket, String head) throws IOException {
    String[] line = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
    if (line.length != 3 || !line[2].startsWith("HTTP/1.")) {
      respond(socket, text(400, "The request line is malformed"), false, false);
      return false;
    }
    boolean hasBody =
        header(head, "content-length") != null || header(head, "transfer-encoding") != null;
    String connection = header(head, "connection");
    boolean closes = connection != null && connection.toLowerCase(Locale.ROOT).contains("close");
    boolean isKept = line[2].equals("HTTP/1.1") && !hasBody && !closes;
    respond(socket, response(line[0], line[1], head), line[0].equals("HEAD"), isKept);
    return isKept;
  }

  private Response response(String method, String target, String head) throws IOException {
    String path = target.replaceFirst("^http://[^/]*", "").replaceFirst("\\?.*", "");
    if (!path.equals(PATH)) {
      return text(404, "Only " + PATH + " is served here");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return text(405, "Method not allowed, use GET");
    }
    Page.Text text = page.write(header(head, "accept"));
    return new Response("200 OK", text.contentType(), text.body());
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, and written once
  private record Response(String status, String contentType, byte[] body) {}

  private static Response text(int status, String reason) {
    String line =
        switch (status) {
          case 400 -> "400 Bad Request";
          case 404 -> "404 Not Found";
          default -> "405 Method Not Allowed\r\nAllow: GET, HEAD";
        };
    return new Response(line, "text/plain; charset=utf-8", reason.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable String header(String head, String name) {
    return head.lines()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }

  private void respond(Socket socket, Response response, boolean isHead, boolean isKept)
      throws IOException {
    String head =
        "HTTP/1.1 "
            + response.status()
            + "\r\nDate: "
            + DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))
            + "\r\nX-Content-Type-Options: nosniff\r\nContent-Type: "
            + response.contentType()
            + "\r\nContent-Length: "
            + response.body().length
            + (isKept ? "" : "\r\nConnection: close")
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + (isHead ? 0 : response.body().length)];
    System.arraycopy(start, 0, all, 0, start.length);
    if (!isHead) {
      System.arraycopy(response.body(), 0, all, start.length, response.body().length);
    }
    if (slots.enter(channel, MetricsSlots.Stage.WRITING)) {
      socket.getOutputStream().write(all);
    }
  }
}
