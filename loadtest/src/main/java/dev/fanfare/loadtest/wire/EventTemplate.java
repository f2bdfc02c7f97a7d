package dev.fanfare.loadtest.wire;

import java.nio.charset.StandardCharsets;

/// An event for one channel, complete except for its stamp. Confined to one thread; the returned
/// bytes are valid until the next call.
public final class EventTemplate {

  private final int channel;
  private final byte[] bytes;
  private final int stampAt;

  private EventTemplate(int channel, String before, int size, String after) {
    this.channel = channel;
    String data = "x".repeat(size);
    bytes = (before + data + after).getBytes(StandardCharsets.US_ASCII);
    stampAt = before.length();
  }

  /// The body of a publish.
  ///
  /// @param size bytes of `data`, at least [Stamp#LENGTH]
  public static EventTemplate http(int channel, String channelName, int size) {
    String before = "{\"name\":\"load\",\"channels\":[\"" + channelName + "\"],\"data\":\"";
    return new EventTemplate(channel, before, size, "\"}");
  }

  /// A client event, unmasked.
  public static EventTemplate clientEvent(int channel, String channelName, int size) {
    String before = "{\"event\":\"client-load\",\"channel\":\"" + channelName + "\",\"data\":\"";
    return new EventTemplate(channel, before, size, "\"}");
  }

  /// The event with this stamp.
  public byte[] stamped(int publisher, int sequence, int event) {
    Stamp.write(bytes, stampAt, publisher, channel, sequence, event);
    return bytes;
  }
}
