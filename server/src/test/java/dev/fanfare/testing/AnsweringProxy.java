package dev.fanfare.testing;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketFrame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A proxy in front of a port of this machine that answers the server's WebSocket pings for its
/// clients, as proxies do that end WebSocket themselves. Everything else passes.
public final class AnsweringProxy implements AutoCloseable {

  private static final int MAX_FRAME_BYTES = 1_048_576;
  private static final byte[] MASK = {1, 2, 3, 4};

  private final ServerSocket listener;
  private final int port;

  public AnsweringProxy(int port) throws IOException {
    this.port = port;
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        Thread.ofVirtual().start(() -> copy(client, server));
        Thread.ofVirtual().start(() -> answer(server, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void copy(Socket client, Socket server) {
    try (client;
        server) {
      client.getInputStream().transferTo(server.getOutputStream());
    } catch (IOException e) {
      // one side has closed, so the other one closes too
    }
  }

  private static void answer(Socket server, Socket client) {
    try (client;
        server) {
      InputStream in = new BufferedInputStream(server.getInputStream());
      OutputStream out = client.getOutputStream();
      String head = readHead(in);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      if (!head.startsWith("HTTP/1.1 101 ")) {
        in.transferTo(out);
        return;
      }
      while (WebSocketFrame.read(in, 0, MAX_FRAME_BYTES)
          instanceof Parsed.Ok(WebSocketFrame frame)) {
        if (frame.opcode() == WebSocketFrame.PING) {
          WebSocketFrame pong = WebSocketFrame.whole(WebSocketFrame.PONG, frame.payload());
          server.getOutputStream().write(pong.masked(MASK));
        } else {
          out.write(frame.unmasked());
        }
      }
    } catch (IOException e) {
      // one side has closed, so the other one closes too
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    int next = in.read();
    while (next >= 0) {
      head.append((char) next);
      if (head.indexOf("\r\n\r\n") >= 0) {
        return head.toString();
      }
      next = in.read();
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
