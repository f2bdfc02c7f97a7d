package dev.fanfare.node.warm;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A client's socket, which blocks. An interrupt of the thread closes it. It reads only what a
/// server of this program writes: frames without masks, and heads with lowercase names.
final class LoopbackSocket implements AutoCloseable {

  /// More than any message or response of a warm-up.
  private static final int BUFFER_BYTES = 4_096;

  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int MASKED = 0x80;
  private static final int SHORT_BYTES = 125;
  private static final int TWO_BYTE_LENGTH = 126;
  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
  private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
  private static final String LENGTH = "content-length: ";

  private final SocketChannel socket;

  /// Always ready to be read from.
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();

  private LoopbackSocket(SocketChannel socket) {
    this.socket = socket;
  }

  /// Connects. A socket that is closed here leaves nothing in the kernel: after thousands of them,
  /// no port would be left for others.
  static LoopbackSocket connect(InetSocketAddress address) throws IOException {
    SocketChannel socket = SocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.connect(address);
      return new LoopbackSocket(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// A text frame, or a close frame without a code.
  static byte[] frame(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
    frame.put((byte) (payload.length == 0 ? CLOSE : TEXT));
    if (payload.length <= SHORT_BYTES) {
      frame.put((byte) (MASKED | payload.length));
    } else {
      frame.put((byte) (MASKED | TWO_BYTE_LENGTH)).putShort((short) payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i % MASK.length]));
    }
    byte[] bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    return bytes;
  }

  void write(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      socket.write(out);
    }
  }

  /// Reads a text frame, and fails unless it contains `part`.
  String read(String part) throws IOException {
    await(2);
    in.get();
    int length = in.get();
    if (length == TWO_BYTE_LENGTH) {
      await(2);
      length = in.getShort();
    }
    String text = text(length);
    if (!text.contains(part)) {
      throw new IOException("expected " + part + ", got " + text);
    }
    return text;
  }

  /// Reads a response to its end.
  ///
  /// @param status the beginning of its first line
  void readResponse(String status) throws IOException {
    String head = text(indexOf(END_OF_HEAD) + END_OF_HEAD.length);
    if (!head.startsWith(status)) {
      throw new IOException("expected " + status + ", got " + head);
    }
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf(LENGTH);
    if (at >= 0) {
      int from = at + LENGTH.length();
      text(Integer.parseInt(lower.substring(from, lower.indexOf('\r', from))));
    }
  }

  /// Reads what is left, until the server closes.
  void readToEnd() throws IOException {
    do {
      in.clear();
    } while (socket.read(in) >= 0);
    in.clear().flip();
  }

  private int indexOf(byte[] bytes) throws IOException {
    for (int from = 0; ; from++) {
      await(from + bytes.length);
      int at = 0;
      while (at < bytes.length && in.get(in.position() + from + at) == bytes[at]) {
        at++;
      }
      if (at == bytes.length) {
        return from;
      }
    }
  }

  private String text(int length) throws IOException {
    await(length);
    String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  /// Reads until so many bytes are there.
  private void await(int bytes) throws IOException {
    while (in.remaining() < bytes) {
      in.compact();
      boolean isFull = !in.hasRemaining();
      int read = isFull ? 0 : socket.read(in);
      in.flip();
      if (isFull || read < 0) {
        throw isFull ? new IOException("too long an answer") : new EOFException("closed early");
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
