package dev.fanfare.nats;

import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsUnavailable;
import io.nats.client.api.MessageInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/// A message of the stream of events: what was appended, and before it the time of its id, its
/// place in the channel and the id of the one before. The number of its id is its sequence in the
/// stream, which is not known before it is there.
///
/// @param count the entries of the channel up to this one, since it was purged last; 0 for a mark
/// @param previous [EventId#NONE] for the first
/// @param payload empty for a mark, which stands for all that was purged before
@SuppressWarnings("ArrayRecordComponent") // never compared, and not changed
record StoredEntry(EventId id, long count, EventId previous, byte[] payload) {

  private static final byte[] NOTHING = {};
  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 1 + 4 * Long.BYTES;

  boolean isMark() {
    return count == 0;
  }

  /// What the next entry of the channel names as the one before.
  EventId previousOfNext() {
    return isMark() ? EventId.NONE : id;
  }

  Streams.Entry entry() {
    return new Streams.Entry(id, previous, payload);
  }

  /// The bytes of a message.
  static byte[] encode(long ms, long count, EventId previous, byte[] payload) {
    return ByteBuffer.allocate(HEAD_BYTES + payload.length)
        .put(VERSION)
        .putLong(ms)
        .putLong(count)
        .putLong(previous.ms())
        .putLong(previous.number())
        .put(payload)
        .array();
  }

  /// A message of the stream.
  static StoredEntry decode(MessageInfo message) {
    byte[] bytes = Objects.requireNonNullElse(message.getData(), NOTHING);
    long sequence = message.getSeq();
    if (bytes.length < HEAD_BYTES || bytes[0] != VERSION) {
      throw new StreamsUnavailable(
          "message " + sequence + " of the stream was not written by this version of Fanfare");
    }
    ByteBuffer head = ByteBuffer.wrap(bytes, 1, HEAD_BYTES - 1);
    long ms = head.getLong();
    long count = head.getLong();
    EventId previous = new EventId(head.getLong(), head.getLong());
    byte[] payload = Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length);
    return new StoredEntry(new EventId(ms, sequence), count, previous, payload);
  }
}
