package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Utf8;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/// Checks a server's bytes against RFC 6455 and section 1.3: complete, unmasked frames, JSON with
/// `event` and `data` in every text frame, nothing after a close frame.
final class ServerFrames {

  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;

  private final ByteBuffer bytes;

  private ServerFrames(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /// The code of the close frame at the end, -1 if it has none, 0 if there is no close frame.
  static int check(byte[] frames, int from) {
    return new ServerFrames(ByteBuffer.wrap(frames, from, frames.length - from)).check();
  }

  private int check() {
    while (bytes.hasRemaining()) {
      int first = bytes.get() & 0xff;
      byte[] payload = payload();
      switch (first) {
        case TEXT -> checkText(payload);
        case PING, PONG -> assertThat(payload.length).isLessThanOrEqualTo(125);
        case CLOSE -> {
          assertThat(payload.length).isLessThanOrEqualTo(125);
          assertThat(bytes.hasRemaining()).as("bytes after the close frame").isFalse();
          return payload.length == 0 ? -1 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }
        default -> throw new AssertionError("first byte " + Integer.toHexString(first));
      }
    }
    return 0;
  }

  private byte[] payload() {
    int length = bytes.get() & 0xff;
    assertThat(length).as("unmasked length").isLessThanOrEqualTo(127);
    if (length == 126) {
      length = bytes.getShort() & 0xffff;
      assertThat(length).isGreaterThan(125);
    } else if (length == 127) {
      length = Math.toIntExact(bytes.getLong());
      assertThat(length).isGreaterThan(0xffff);
    }
    byte[] payload = new byte[length];
    bytes.get(payload);
    return payload;
  }

  private static void checkText(byte[] payload) {
    assertThat(Utf8.isValid(payload)).isTrue();
    Set<String> names = new HashSet<>();
    try {
      Json.readObject(
          payload,
          (name, value) -> {
            names.add(name);
            assertThat(value.isNull()).isFalse();
          });
    } catch (MalformedJson e) {
      throw new AssertionError(e.reason(), e);
    }
    assertThat(names).contains("event", "data");
  }
}
