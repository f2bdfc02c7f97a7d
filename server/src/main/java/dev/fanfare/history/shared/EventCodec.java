package dev.fanfare.history.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of an entry in the engine. An event: version, kind, flags, how long it may be kept,
/// ticket, and texts, each after its length. What follows is for newer versions.
final class EventCodec {

  private static final int VERSION = 1;
  private static final int EVENT = 0;
  private static final int LOSS = 1;
  private static final int PURGE = 2;

  private static final int HAS_USER = 1;
  private static final int HAS_EXCEPT = 2;
  private static final int IS_CLIENT = 4;
  private static final int HAS_TICKET = 8;

  /// Events were delivered here that are not kept, since the engine was away.
  private static final byte[] LOSS_BYTES = {VERSION, LOSS};

  /// What an entry is.
  ///
  /// @param event null if it is none, or if a newer version has written it
  /// @param isLoss events were lost here
  /// @param purged everything up to this entry was purged; null if it is no purge
  /// @param ticket of the append; null if it had none
  record Content(
      @Nullable Publication event,
      boolean isLoss,
      @Nullable EventId purged,
      @Nullable EventId ticket) {

    private static final Content LOST = new Content(null, true, null, null);
    private static final Content UNKNOWN = new Content(null, false, null, null);
  }

  private EventCodec() {}

  static byte[] loss() {
    return LOSS_BYTES.clone();
  }

  /// Everything up to an entry was purged.
  ///
  /// @param through [EventId#NONE] for everything before the purge
  static byte[] purge(EventId through) {
    return ByteBuffer.allocate(2 + 2 * Long.BYTES)
        .put((byte) VERSION)
        .put((byte) PURGE)
        .putLong(through.ms())
        .putLong(through.number())
        .array();
  }

  /// @param ticket unique
  static byte[] event(Publication event, EventId ticket) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 + event.data().length());
    String userId = event.userId();
    String except = event.exceptSocketId();
    out.write(VERSION);
    out.write(EVENT);
    out.write(
        (userId == null ? 0 : HAS_USER)
            | (except == null ? 0 : HAS_EXCEPT)
            | (event.origin() == Origin.CLIENT ? IS_CLIENT : 0)
            | HAS_TICKET);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(event.keepSeconds()).array());
    write(out, ticket);
    write(out, event.event());
    if (userId != null) {
      write(out, userId);
    }
    if (except != null) {
      write(out, except);
    }
    write(out, event.data());
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, EventId ticket) {
    out.writeBytes(
        ByteBuffer.allocate(2 * Long.BYTES).putLong(ticket.ms()).putLong(ticket.number()).array());
  }

  private static void write(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  static Content read(ChannelName channel, byte[] payload) {
    try {
      ByteBuffer in = ByteBuffer.wrap(payload);
      if (in.get() != VERSION) {
        return Content.UNKNOWN;
      }
      return switch (in.get()) {
        case EVENT -> readEvent(channel, in);
        case LOSS -> Content.LOST;
        case PURGE -> new Content(null, false, new EventId(in.getLong(), in.getLong()), null);
        default -> Content.UNKNOWN;
      };
    } catch (BufferUnderflowException e) {
      return Content.UNKNOWN;
    }
  }

  private static Content readEvent(ChannelName channel, ByteBuffer in) {
    int flags = in.get();
    int keepSeconds = in.getInt();
    EventId ticket = (flags & HAS_TICKET) == 0 ? null : new EventId(in.getLong(), in.getLong());
    String event = text(in);
    String userId = (flags & HAS_USER) == 0 ? null : text(in);
    String except = (flags & HAS_EXCEPT) == 0 ? null : text(in);
    Origin origin = (flags & IS_CLIENT) == 0 ? Origin.HTTP : Origin.CLIENT;
    Publication publication =
        PublicationBuilder.builder()
            .channel(channel)
            .event(event)
            .data(text(in))
            .userId(userId)
            .exceptSocketId(except)
            .origin(origin)
            .keepSeconds(keepSeconds)
            .build();
    return new Content(publication, false, null, ticket);
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
