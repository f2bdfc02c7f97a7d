package dev.fanfare.clients;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The network between clients and a node: records what clients send, and can fail. Bytes pass
/// unchanged.
final class Wire implements AutoCloseable {

  private static final int TEXT = 0x1;

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
    DataInputStream in = new DataInputStream(new BufferedInputStream(from));
    String head = readHead(in);
    handshakes.add(head.lines().findFirst().orElse(""));
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    while (true) {
      copyFrame(in, out);
    }
  }

  private void copyFrame(DataInputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    frame.write(first);
    frame.write(second);
    int length = second & 0x7f;
    if (length == 126) {
      byte[] extended = in.readNBytes(2);
      frame.writeBytes(extended);
      length = (extended[0] & 0xff) << 8 | (extended[1] & 0xff);
    } else if (length == 127) {
      throw new IOException("no test sends that much");
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(length);
    frame.writeBytes(mask);
    frame.writeBytes(payload);
    if ((first & 0xf) == TEXT) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      messages.add(new String(payload, StandardCharsets.UTF_8));
    }
    frame.writeTo(out);
  }

  private static String readHead(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }
}
