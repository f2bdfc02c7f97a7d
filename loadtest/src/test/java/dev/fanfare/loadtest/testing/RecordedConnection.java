package dev.fanfare.loadtest.testing;

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
    int at = raw.startsWith("GET /app/") ? raw.indexOf("\r\n\r\n") + 4 : bytes.length;
    List<Frame> frames = new ArrayList<>();
    while (at >= 4 && at + 2 <= bytes.length) {
      int length = bytes[at + 1] & 0x7F;
      int header = length < 126 ? 2 : length == 126 ? 4 : 10;
      boolean masked = (bytes[at + 1] & 0x80) != 0;
      int payload = at + header + (masked ? 4 : 0);
      if (payload > bytes.length) {
        break;
      }
      if (header > 2) {
        length = 0;
        for (int i = at + 2; i < at + header; i++) {
          length = length << 8 | (bytes[i] & 0xFF);
        }
      }
      if (length < 0 || length > bytes.length - payload) {
        break;
      }
      byte[] text = new byte[length];
      for (int i = 0; i < length; i++) {
        text[i] = (byte) (bytes[payload + i] ^ (masked ? bytes[payload - 4 + (i & 3)] : 0));
      }
      frames.add(new Frame(bytes[at] & 0xFF, new String(text, StandardCharsets.ISO_8859_1)));
      at = payload + length;
    }
    return new RecordedConnection(raw, List.copyOf(frames));
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
