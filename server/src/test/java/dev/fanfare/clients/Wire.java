package dev.fanfare.clients;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketFrame;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// The network between clients and a node: records what clients send, and can fail. Bytes pass
/// unchanged.
final class Wire implements AutoCloseable {

  private static final int MAX_BYTES = 0xffff;

  private final int nodePort;
  private final ServerSocket listener;
  private final Inbox<String> handshakes = new Inbox<>("handshakes on the wire");
  private final Inbox<String> messages = new Inbox<>("messages on the wire");

  // Guarded by this.
  private final List<Socket> sockets = new ArrayList<>();
  private boolean isCut;

  Wire(int nodePort) throws IOException {
    this.nodePort = nodePort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Where clients connect to instead of the node.
  int port() {
    return listener.getLocalPort();
  }

  /// The first line of each opening handshake.
  Inbox<String> handshakes() {
    return handshakes;
  }

  /// The text messages of all clients.
  Inbox<String> messages() {
    return messages;
  }

  /// Resets every connection and accepts none until [#mend].
  synchronized void cut() {
    isCut = true;
    sockets.forEach(Wire::end);
    sockets.clear();
  }

  synchronized void mend() {
    isCut = false;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    try {
      while (true) {
        relay(listener.accept());
      }
    } catch (IOException e) {
      // closed
    }
  }

  private synchronized void relay(Socket client) {
    sockets.add(client);
    if (isCut) {
      cut();
      return;
    }
    try {
      Socket node = new Socket(InetAddress.getLoopbackAddress(), nodePort);
      sockets.add(node);
      client.setTcpNoDelay(true);
      node.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> pass(client, node, this::copyClient));
      Thread.ofVirtual().start(() -> pass(node, client, InputStream::transferTo));
    } catch (IOException e) {
      end(client);
    }
  }

  private interface Copy {
    void run(InputStream in, OutputStream out) throws IOException;
  }

  private static void pass(Socket from, Socket to, Copy copy) {
    try (from;
        to) {
      copy.run(from.getInputStream(), to.getOutputStream());
    } catch (IOException e) {
      // one side has closed, so the other one closes too
    }
  }

  private void copyClient(InputStream from, OutputStream out) throws IOException {
    Recorder in = new Recorder(new BufferedInputStream(from));
    String head = readHead(in);
    handshakes.add(head.lines().findFirst().orElse(""));
    in.copyTo(out);
    while (true) {
      record(WebSocketFrame.readAny(in, MAX_BYTES));
      in.copyTo(out);
    }
  }

  private void record(Parsed<WebSocketFrame> read) throws IOException {
    switch (read) {
      case Parsed.Ok<WebSocketFrame>(WebSocketFrame frame) -> {
        if (frame.opcode() == WebSocketFrame.TEXT) {
          messages.add(frame.text());
        }
      }
      case Parsed.Bad<WebSocketFrame>(String reason) ->
          throw new IOException("no test sends that much: " + reason);
    }
  }

  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("no handshake");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /// Keeps what is read from an input, to pass it on unchanged.
  private static final class Recorder extends FilterInputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    Recorder(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      if (next >= 0) {
        read.write(next);
      }
      return next;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      if (count > 0) {
        read.write(into, offset, count);
      }
      return count;
    }

    void copyTo(OutputStream out) throws IOException {
      read.writeTo(out);
      read.reset();
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }
}
