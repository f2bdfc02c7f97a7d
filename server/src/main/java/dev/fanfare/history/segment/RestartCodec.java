package dev.fanfare.history.segment;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Inherited;
import dev.fanfare.history.StoredEvent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The format of the records of a [RestartFile], in the same frames and with the same texts as
/// those of [RecordCodec].
final class RestartCodec {

  /// What a record says.
  sealed interface Item {

    /// At least the id of every event of channels that are not in the file.
    record Ids(EventId reserved) implements Item {}

    /// A position of a client.
    record Left(Inherited.Position position) implements Item {}

    /// A channel, whose events follow.
    record Head(Inherited.Channel channel) implements Item {}

    /// An event of the channel before.
    record Kept(StoredEvent event) implements Item {}

    /// The last one.
    ///
    /// @param records before it
    record End(int records) implements Item {}
  }

  private static final byte IDS = 1;
  private static final byte LEFT = 2;
  private static final byte HEAD = 3;
  private static final byte KEPT = 4;
  private static final byte END = 5;

  private static final int MAX_SOCKETS = 64;

  private RestartCodec() {}

  static void encode(Item item, Moment now, RecordBuffer out) {
    int start = RecordCodec.begin(out);
    switch (item) {
      case Item.Ids(EventId reserved) -> {
        out.put(IDS);
        RecordCodec.id(reserved, out);
      }
      case Item.Left(Inherited.Position position) -> {
        out.put(LEFT);
        position(position, now, out);
      }
      case Item.Head(Inherited.Channel channel) -> {
        out.put(HEAD);
        key(channel.channel(), out);
        RecordCodec.id(channel.newest(), out);
        RecordCodec.id(channel.lost(), out);
        out.put((byte) (channel.hasLost() ? 1 : 0));
      }
      case Item.Kept(StoredEvent event) -> {
        out.put(KEPT);
        RecordCodec.encode(
            new SegmentRecord.Event(
                event.id(), 0, event.publication(), event.showsId(), event.idInData()),
            out);
      }
      case Item.End(int records) -> {
        out.put(END);
        out.putInt(records);
      }
    }
    RecordCodec.end(start, out);
  }

  private static void key(ChannelKey key, RecordBuffer out) {
    RecordCodec.text(key.appId(), out);
    RecordCodec.text(key.channel(), out);
  }

  private static void position(Inherited.Position position, Moment now, RecordBuffer out) {
    key(position.channel(), out);
    RecordCodec.id(position.lost(), out);
    RecordCodec.text(position.identity().kind().name(), out);
    RecordCodec.text(position.identity().name(), out);
    out.put((byte) (position.isShared() ? 1 : 0));
    Inherited.Place place = position.place();
    RecordCodec.id(place.confirmed(), out);
    out.putLong(now.msAt(place.untilNs()));
    out.put((byte) place.sockets().size());
    place.sockets().forEach(socket -> RecordCodec.text(socket, out));
  }

  /// Reads a body.
  static Item decode(ByteBuffer in, Moment now) throws DamagedRestartFile {
    try {
      Item item =
          switch (in.get()) {
            case IDS -> new Item.Ids(id(in));
            case LEFT -> new Item.Left(position(in, now));
            case HEAD ->
                new Item.Head(
                    new Inherited.Channel(key(in), List.of(), id(in), id(in), in.get() != 0));
            case KEPT -> new Item.Kept(event(in, now));
            case END -> new Item.End(in.getInt());
            default -> throw new DamagedRestartFile("it has a record of an unknown kind");
          };
      if (!in.hasRemaining()) {
        return item;
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // as below
    }
    throw new DamagedRestartFile("a record cannot be read");
  }

  private static ChannelKey key(ByteBuffer in) {
    return new ChannelKey(RecordCodec.name(in), RecordCodec.name(in));
  }

  private static EventId id(ByteBuffer in) {
    EventId id = RecordCodec.id(in);
    if (id.ms() < 0 || id.number() < 0) {
      throw new IllegalArgumentException("no id: " + id);
    }
    return id;
  }

  private static Inherited.Position position(ByteBuffer in, Moment now) {
    ChannelKey key = key(in);
    EventId lost = id(in);
    Identity identity =
        new Identity(Identity.Kind.valueOf(RecordCodec.name(in)), RecordCodec.name(in));
    boolean isShared = in.get() != 0;
    EventId confirmed = id(in);
    long untilNs = now.until(in.getLong());
    int count = in.get();
    if (count < 1 || count > MAX_SOCKETS) {
      throw new IllegalArgumentException("no number of sockets: " + count);
    }
    List<String> sockets = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      sockets.add(RecordCodec.name(in));
    }
    return new Inherited.Position(
        key, lost, identity, isShared, new Inherited.Place(confirmed, sockets, untilNs));
  }

  private static StoredEvent event(ByteBuffer in, Moment now) throws DamagedRestartFile {
    in.position(in.position() + RecordCodec.PREFIX_BYTES);
    ByteBuffer body = in.slice();
    in.position(in.limit());
    if (!(RecordCodec.decode(body) instanceof SegmentRecord.Event event)) {
      throw new DamagedRestartFile("an event cannot be read");
    }
    return new StoredEvent(
        event.id(),
        event.publication(),
        0,
        now.since(event.id().ms()),
        event.showsId(),
        event.idInData());
  }
}
