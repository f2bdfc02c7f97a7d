package dev.fanfare.loadtest.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Accepts whatever attackers send and keeps the first bytes of each connection. Upgrades
/// handshakes, answers other requests with 401, and a WebSocket with nothing. A virtual thread per
/// connection.
public final class RecordingServer implements AutoCloseable {

  private static final int KEPT = 300_000;
  private static final String REFUSAL = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
  private static final String ESTABLISHED =
      "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.1\\\"}\"}";

  private final ServerSocket listener;
  private final List<ByteArrayOutputStream> connections = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  public RecordingServer() throws IOException {
    listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// What each connection has sent.
  public List<RecordedConnection> received() {
    return connections.stream().map(bytes -> RecordedConnection.of(bytes.toByteArray())).toList();
  }

  /// Connections that no side has closed.
  public int open() {
    return open.size();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        connections.add(bytes);
        open.add(socket);
        Thread.ofVirtual().start(() -> record(socket, bytes));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void record(Socket socket, ByteArrayOutputStream bytes) {
    try (socket) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[16_384];
      int answered = 0;
      boolean upgraded = false;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes.write(buffer, 0, Math.min(count, KEPT - Math.min(KEPT, bytes.size())));
        String head = upgraded ? "" : bytes.toString(StandardCharsets.ISO_8859_1);
        int end = head.indexOf("\r\n\r\n", answered);
        if (end >= 0) {
          upgraded = head.startsWith("GET /app/");
          socket
              .getOutputStream()
              .write(upgraded ? upgrade(head) : REFUSAL.getBytes(StandardCharsets.ISO_8859_1));
          answered = end + 4;
        }
      }
    } catch (IOException e) {
      // The attacker has reset the connection.
    } finally {
      open.remove(socket);
    }
  }

  private static byte[] upgrade(String head) {
    String extension =
        head.contains("permessage-deflate")
            ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n"
            : "";
    String text =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            + extension
            + "\r\n\u0081"
            + (char) ESTABLISHED.length()
            + ESTABLISHED;
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
