package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The format of a record: the length and the CRC-32C of its body, then the body, whose first byte
/// is the kind. Numbers are big-endian. Texts are Latin-1 if that is enough, else UTF-16, so that
/// unpaired surrogates survive.
final class RecordCodec {

  /// Bytes in front of a body: its length and its checksum.
  static final int PREFIX_BYTES = 2 * Integer.BYTES;

  private static final byte EVENT = 1;
  private static final byte CURSOR = 2;
  private static final byte PURGE = 3;
  private static final byte PURGE_WITH_READERS = 4;
  private static final byte PRESENCE = 5;

  private static final byte LATIN = 0;
  private static final byte UTF_16 = 1;
  private static final byte NONE = 2;
  private static final int MAX_LATIN = 0xFF;

  private static final byte FROM_HTTP = 0;
  private static final byte FROM_CLIENT = 1;

  private RecordCodec() {}

  /// Appends a record.
  static void encode(SegmentRecord segmentRecord, RecordBuffer out) {
    int start = begin(out);
    switch (segmentRecord) {
      case SegmentRecord.Event event when event.isPresence() -> presence(event, out);
      case SegmentRecord.Event event -> encode(event, out);
      case SegmentRecord.Cursor(String channel, String reader, EventId confirmed, long seenMs) -> {
        out.put(CURSOR);
        text(channel, out);
        text(reader, out);
        id(confirmed, out);
        out.putLong(seenMs);
      }
      case SegmentRecord.Purge purge -> {
        out.put(purge.withReaders() ? PURGE_WITH_READERS : PURGE);
        text(purge.channel(), out);
        id(purge.through(), out);
        out.putLong(purge.purgedMs());
      }
    }
    end(start, out);
  }

  /// Begins a record, whose body follows.
  ///
  /// @return where it begins
  static int begin(RecordBuffer out) {
    int start = out.size();
    out.putInt(0);
    out.putInt(0);
    return start;
  }

  /// The body of the record that begins there is complete.
  static void end(int start, RecordBuffer out) {
    int body = start + PREFIX_BYTES;
    out.setInt(start, out.size() - body);
    out.setInt(start + Integer.BYTES, crc(out.written(body)));
  }

  private static void encode(SegmentRecord.Event event, RecordBuffer out) {
    Publication publication = event.publication();
    out.put(EVENT);
    text(publication.channel().value(), out);
    id(event.id(), out);
    out.putLong(event.sequence());
    out.put(publication.origin() == Origin.CLIENT ? FROM_CLIENT : FROM_HTTP);
    out.putInt(publication.keepSeconds());
    out.put((byte) (event.showsId() ? 1 : 0));
    text(event.idInData(), out);
    text(publication.userId(), out);
    text(publication.exceptSocketId(), out);
    text(publication.event(), out);
    text(publication.data(), out);
  }

  private static void presence(SegmentRecord.Event event, RecordBuffer out) {
    Publication publication = event.publication();
    out.put(PRESENCE);
    text(publication.channel().value(), out);
    id(event.id(), out);
    out.putLong(event.sequence());
    text(publication.userId(), out);
    text(publication.event(), out);
    text(publication.data(), out);
  }

  static void id(EventId id, RecordBuffer out) {
    out.putLong(id.ms());
    out.putLong(id.number());
  }

  static void text(@Nullable String text, RecordBuffer out) {
    if (text == null) {
      out.put(NONE);
      return;
    }
    boolean isLatin = true;
    for (int i = 0; i < text.length() && isLatin; i++) {
      isLatin = text.charAt(i) <= MAX_LATIN;
    }
    out.put(isLatin ? LATIN : UTF_16);
    out.putInt(text.length());
    if (isLatin) {
      out.put(text.getBytes(StandardCharsets.ISO_8859_1));
    } else {
      for (int i = 0; i < text.length(); i++) {
        out.putChar(text.charAt(i));
      }
    }
  }

  /// The CRC-32C of what remains in `bytes`, which stays as it is.
  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /// Reads a body; null if it is none.
  static @Nullable SegmentRecord decode(ByteBuffer in) {
    try {
      SegmentRecord found =
          switch (in.get()) {
            case EVENT -> event(in);
            case PRESENCE -> presence(in);
            case CURSOR -> new SegmentRecord.Cursor(name(in), name(in), id(in), in.getLong());
            case PURGE -> new SegmentRecord.Purge(name(in), id(in), in.getLong(), false);
            case PURGE_WITH_READERS ->
                new SegmentRecord.Purge(name(in), id(in), in.getLong(), true);
            default -> null;
          };
      return in.hasRemaining() ? null : found;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static ChannelName channel(ByteBuffer in) {
    if (!(ChannelName.parse(name(in), Integer.MAX_VALUE)
        instanceof Parsed.Ok<ChannelName>(ChannelName channel))) {
      throw new IllegalArgumentException("no name of a channel");
    }
    return channel;
  }

  private static SegmentRecord presence(ByteBuffer in) {
    ChannelName channel = channel(in);
    EventId id = id(in);
    long sequence = in.getLong();
    String userId = name(in);
    Publication publication =
        new Publication(channel, name(in), name(in), userId, null, Origin.HTTP);
    return SegmentRecord.Event.ofPresence(id, sequence, publication);
  }

  private static SegmentRecord event(ByteBuffer in) {
    ChannelName channel = channel(in);
    EventId id = id(in);
    long sequence = in.getLong();
    byte origin = in.get();
    if (origin < FROM_HTTP || origin > FROM_CLIENT) {
      throw new IllegalArgumentException("no origin: " + origin);
    }
    int keepSeconds = in.getInt();
    boolean showsId = in.get() != 0;
    String idInData = name(in);
    String userId = text(in);
    String exceptSocketId = text(in);
    Publication publication =
        PublicationBuilder.builder()
            .channel(channel)
            .event(name(in))
            .data(name(in))
            .userId(userId)
            .exceptSocketId(exceptSocketId)
            .origin(origin == FROM_CLIENT ? Origin.CLIENT : Origin.HTTP)
            .keepSeconds(keepSeconds)
            .build();
    return new SegmentRecord.Event(id, sequence, publication, showsId, idInData);
  }

  static EventId id(ByteBuffer in) {
    return new EventId(in.getLong(), in.getLong());
  }

  static String name(ByteBuffer in) {
    String text = text(in);
    if (text == null) {
      throw new IllegalArgumentException("a text is missing");
    }
    return text;
  }

  private static @Nullable String text(ByteBuffer in) {
    byte coder = in.get();
    if (coder == NONE) {
      return null;
    }
    int length = in.getInt();
    int charBytes = coder == LATIN ? 1 : Character.BYTES;
    if (coder > UTF_16 || length < 0 || length > in.remaining() / charBytes) {
      throw new IllegalArgumentException("no text of " + length + " characters");
    }
    if (coder == LATIN) {
      byte[] latin = new byte[length];
      in.get(latin);
      return new String(latin, StandardCharsets.ISO_8859_1);
    }
    char[] wide = new char[length];
    in.asCharBuffer().get(wide);
    in.position(in.position() + length * Character.BYTES);
    return new String(wide);
  }
}
