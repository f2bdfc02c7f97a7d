package dev.fanfare.loadtest.testing;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What one connection has sent to a [RecordingServer].
///
/// @param raw all bytes, as ISO 8859-1
/// @param frames complete frames after a handshake, unmasked
public record RecordedConnection(String raw, List<Frame> frames) {

  /// A frame of a client.
  ///
  /// @param first its first byte
  /// @param text its payload, as ISO 8859-1
  public record Frame(int first, String text) {}

  static RecordedConnection of(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    int headEnd = raw.startsWith("GET /app/") ? raw.indexOf("\r\n\r\n") : -1;
    List<Frame> frames = new ArrayList<>();
    if (headEnd >= 0) {
      int at = headEnd + 4;
      addFrames(new ByteArrayInputStream(bytes, at, bytes.length - at), frames);
    }
    return new RecordedConnection(raw, List.copyOf(frames));
  }

  private static void addFrames(ByteArrayInputStream in, List<Frame> frames) {
    try {
      while (WebSocketFrame.readAny(in, in.available())
          instanceof Parsed.Ok<WebSocketFrame>(WebSocketFrame frame)) {
        String text = new String(frame.payload(), StandardCharsets.ISO_8859_1);
        frames.add(new Frame(frame.first(), text));
      }
    } catch (IOException e) {
      // the last frame is incomplete
    }
  }

  /// True if it became a WebSocket.
  public boolean isUpgraded() {
    return raw.startsWith("GET /app/app-key?") && raw.contains("\r\n\r\n");
  }

  /// True if at least so many text messages contain this text.
  public boolean hasTexts(int count, String part) {
    return frames.stream()
            .filter(frame -> frame.first() == 0x81 && frame.text().contains(part))
            .count()
        >= count;
  }

  /// True if a frame begins with this byte and contains this text.
  public boolean hasFrame(int first, String part) {
    return frames.stream().anyMatch(frame -> frame.first() == first && frame.text().contains(part));
  }

  /// How often a text occurs in all bytes.
  public int count(String part) {
    int count = 0;
    for (int at = raw.indexOf(part); at >= 0; at = raw.indexOf(part, at + 1)) {
      count++;
    }
    return count;
  }
}
