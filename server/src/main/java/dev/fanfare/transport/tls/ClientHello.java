package dev.fanfare.transport.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Looks into the first message of a TLS client (RFC 8446 section 4.1.2) for the protocol with
/// which an authority examines a domain (RFC 8737 section 3).
final class ClientHello {

  /// What the bytes say so far.
  enum Purpose {
    /// More bytes are needed.
    UNKNOWN,
    /// An authority examines a domain.
    CHALLENGE,
    /// Anything else, also what is no hello at all.
    OTHER
  }

  static final String PROTOCOL = "acme-tls/1";

  /// Authorities send less; a client that sends more is an ordinary one.
  static final int MAX_BYTES = 4_096;

  private static final int HANDSHAKE_RECORD = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int RECORD_HEAD = 5;
  private static final int ALPN = 16;

  /// The version and the random.
  private static final int FIXED_BYTES = 34;

  private final byte[] message;
  private int at;

  private ClientHello(byte[] message) {
    this.message = message;
  }

  /// Thrown where the bytes end; without a trace, since strangers cause it.
  private static final class End extends Exception {
    private static final long serialVersionUID = 1L;

    End() {
      super("", null, false, false);
    }
  }

  /// Reads none of the bytes.
  static Purpose purpose(ByteBuf in) {
    int readable = in.readableBytes();
    byte[] bytes = new byte[Math.min(readable, MAX_BYTES)];
    in.getBytes(in.readerIndex(), bytes);
    boolean isWhole = readable >= MAX_BYTES;
    byte[] message = new byte[bytes.length];
    int length = 0;
    int from = 0;
    while (from + RECORD_HEAD <= bytes.length) { // the message may be in several records
      if (bytes[from] != HANDSHAKE_RECORD) {
        return Purpose.OTHER;
      }
      int record = (bytes[from + 3] & 0xff) << 8 | (bytes[from + 4] & 0xff);
      int there = Math.min(record, bytes.length - from - RECORD_HEAD);
      System.arraycopy(bytes, from + RECORD_HEAD, message, length, there);
      length += there;
      from += RECORD_HEAD + record;
    }
    try {
      return new ClientHello(Arrays.copyOf(message, length)).read();
    } catch (End e) {
      return isWhole ? Purpose.OTHER : Purpose.UNKNOWN;
    }
  }

  private Purpose read() throws End {
    if (number(1) != CLIENT_HELLO) {
      return Purpose.OTHER;
    }
    int end = number(3) + at;
    skip(FIXED_BYTES);
    skip(number(1)); // session
    skip(number(2)); // cipher suites
    skip(number(1)); // compression
    if (at >= end) {
      return Purpose.OTHER; // no extensions
    }
    int last = number(2) + at;
    while (at < last) {
      int kind = number(2);
      int next = number(2) + at;
      if (kind == ALPN) {
        return protocol(next);
      }
      skip(next - at);
    }
    return Purpose.OTHER;
  }

  /// A challenge offers its protocol and no other (RFC 8737 section 3).
  private Purpose protocol(int end) throws End {
    int _ = number(2);
    int length = number(1);
    int from = at;
    skip(length);
    String name = new String(message, from, length, StandardCharsets.ISO_8859_1);
    return name.equals(PROTOCOL) && at == end ? Purpose.CHALLENGE : Purpose.OTHER;
  }

  private int number(int bytes) throws End {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      if (at >= message.length) {
        throw new End();
      }
      value = value << 8 | (message[at] & 0xff);
      at++;
    }
    return value;
  }

  private void skip(int bytes) throws End {
    if (bytes > message.length - at) {
      throw new End();
    }
    at += bytes;
  }
}
