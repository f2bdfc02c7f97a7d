package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.client.BlockingSockets;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.wire.ResponseScanner;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One HTTP connection that sends a request and waits for its response. Confined to one thread.
final class HttpClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int BUFFER = 16_384;

  private final Socket socket;
  private final byte[] buffer = new byte[BUFFER];
  private final ResponseScanner scanner =
      new ResponseScanner((status, closes, body) -> response = new Response(status, closes, body));

  private @Nullable Response response;

  /// Bytes received for the current request.
  private long received;

  private HttpClient(Socket socket) {
    this.socket = socket;
  }

  static HttpClient connect(Target target) throws IOException {
    return new HttpClient(BlockingSockets.open(target, PATIENCE_MILLIS));
  }

  /// A request without a body over a new connection.
  static Response get(Target target, String path) throws IOException {
    try (HttpClient client = connect(target)) {
      return client.send(
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(path, target.authority())
              .getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Sends a request and waits for its response.
  Response send(byte[] request) throws IOException {
    response = null;
    received = 0;
    socket.getOutputStream().write(request);
    Response whole = response;
    while (whole == null) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new EOFException("the connection was closed without a response");
      }
      received += count;
      scanner.scan(ByteBuffer.wrap(buffer, 0, count));
      whole = response;
    }
    return whole;
  }

  /// True if nothing of a response to the last request has arrived: on a connection that was used
  /// before, the server may have closed it before it saw the request.
  boolean isUnanswered() {
    return received == 0;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }

  /// A complete response.
  ///
  /// @param closes true if the server closes the connection after it
  record Response(int status, boolean closes, String body) {}
}
