package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Utf8;
import dev.fanfare.protocol.WebSocketFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Checks a server's bytes against RFC 6455 and section 1.3: complete, unmasked frames, JSON with
/// `event` and `data` in every text frame, nothing after a close frame.
final class ServerFrames {

  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;

  private final ByteArrayInputStream bytes;

  private ServerFrames(ByteArrayInputStream bytes) {
    this.bytes = bytes;
  }

  /// The code of the close frame at the end, -1 if it has none, 0 if there is no close frame.
  static int check(byte[] frames, int from) {
    return new ServerFrames(new ByteArrayInputStream(frames, from, frames.length - from)).check();
  }

  private int check() {
    while (bytes.available() > 0) {
      WebSocketFrame frame = next();
      byte[] payload = frame.payload();
      switch (frame.first()) {
        case TEXT -> checkText(payload);
        case PING, PONG -> assertThat(payload.length).isLessThanOrEqualTo(125);
        case CLOSE -> {
          assertThat(payload.length).isLessThanOrEqualTo(125);
          assertThat(bytes.available()).as("bytes after the close frame").isZero();
          return payload.length == 0 ? -1 : frame.closeCode();
        }
        default -> throw new AssertionError("first byte " + Integer.toHexString(frame.first()));
      }
    }
    return 0;
  }

  private WebSocketFrame next() {
    int before = bytes.available();
    try {
      return switch (WebSocketFrame.read(bytes, 0, before)) {
        case Parsed.Ok<WebSocketFrame>(WebSocketFrame frame) -> {
          assertThat(before - bytes.available())
              .as("the shortest form of its length")
              .isEqualTo(frame.unmasked().length);
          yield frame;
        }
        case Parsed.Bad<WebSocketFrame>(String reason) ->
            throw new AssertionError("the server sent " + reason);
      };
    } catch (IOException e) {
      throw new AssertionError("an incomplete frame", e);
    }
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
