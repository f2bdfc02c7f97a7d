package dev.fanfare.cluster.datagram;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import org.jspecify.annotations.Nullable;

/// An item on its way to other nodes: its bytes are made once, and shared by all links. Immutable.
public final class Item {

  /// What an item takes beside its body: the object, the array and a place in queues.
  private static final int OVERHEAD_BYTES = 80;

  static final int HAS_USER = 1;
  static final int HAS_EXCEPT = 2;
  static final int IS_CLIENT = 4;

  /// The id of a kept event and of the one before follow. Nodes that do not know it deliver the
  /// event like any other.
  static final int HAS_PLACE = 8;

  /// A trace follows, after all else. Nodes that do not know it do not trace the event.
  static final int HAS_TRACE = 16;

  static final int REPORTED_PRESENT = 0;
  static final int REPORTED_ABSENT = 1;
  static final int REPORTED_RELEASED = 2;

  private static final byte[] EMPTY = {};

  private final ItemType type;

  /// How many events and commands it is or stands for.
  private final long events;

  private final String appId;
  private final byte[] body;
  private final long atNs;

  private Item(ItemType type, String appId, byte[] body, long atNs, long events) {
    this.type = type;
    this.events = events;
    this.appId = appId;
    this.body = body;
    this.atNs = atNs;
  }

  /// An item without content: END or BYE.
  public static Item mark(ItemType type) {
    return new Item(type, "", EMPTY, 0, 0);
  }

  /// The beginning of a snapshot.
  ///
  /// @param nextEvent the number of the first event or command that follows: they are numbered over
  ///   all generations of a link, so that none is applied twice
  public static Item begin(long nextEvent) {
    return new Item(ItemType.BEGIN, "", number(nextEvent), 0, 0);
  }

  private static byte[] number(long value) {
    ByteWriter out = new ByteWriter(Long.BYTES);
    out.varint(value);
    return out.toBytes();
  }

  /// `count` events were dropped.
  public static Item lost(long count) {
    return new Item(ItemType.LOST, "", number(count), 0, count);
  }

  public static Item digest(long entries, long hash) {
    ByteWriter out = new ByteWriter(2 * Long.BYTES);
    out.varint(entries);
    out.u64(hash);
    return new Item(ItemType.DIGEST, "", out.toBytes(), 0, 0);
  }

  /// A message of this node.
  ///
  /// @param atNs when it was decided, on this node's clock
  public static Item of(BusMessage message, long atNs) {
    return switch (message) {
      case BusMessage.Event event -> event(event, atNs);
      case BusMessage.Kept kept -> kept(ItemType.KEPT, kept, atNs);
      case BusMessage.Interest interest -> {
        ByteWriter out = new ByteWriter(interest.channel().length() + 8);
        out.text(interest.channel());
        out.varint(interest.count());
        yield of(
            ItemType.INTEREST, message, out, interest.count() == 0 ? atNs : interest.sinceNs());
      }
      case BusMessage.Joined joined -> {
        ByteWriter out = new ByteWriter(128);
        out.text(joined.channel());
        out.text(joined.member().userId());
        out.text(joined.member().infoJson());
        yield of(ItemType.JOINED, message, out, atNs);
      }
      case BusMessage.Left left -> {
        ByteWriter out = new ByteWriter(64);
        out.text(left.channel());
        out.text(left.userId());
        out.u8(left.isHandedOver() ? 1 : 0);
        yield of(ItemType.LEFT, message, out, atNs);
      }
      case BusMessage.Reported reported -> {
        ByteWriter out = new ByteWriter(64);
        out.u8(code(reported.state()));
        out.text(reported.channel());
        out.text(reported.userId());
        yield of(ItemType.REPORTED, message, out, atNs);
      }
      case BusMessage.Direct direct -> DirectItems.of(direct, atNs);
      case BusMessage.TerminateUser user -> user(ItemType.TERMINATE, message, user.userId(), atNs);
      case BusMessage.Online user -> user(ItemType.ONLINE, message, user.userId(), atNs);
      case BusMessage.Offline user -> user(ItemType.OFFLINE, message, user.userId(), atNs);
      case BusMessage.Connections connections -> {
        ByteWriter out = new ByteWriter(8);
        out.varint(connections.count());
        yield of(ItemType.CONNECTIONS, message, out, atNs);
      }
    };
  }

  private static int code(BusMessage.Reported.State state) {
    return switch (state) {
      case PRESENT -> REPORTED_PRESENT;
      case ABSENT -> REPORTED_ABSENT;
      case RELEASED -> REPORTED_RELEASED;
    };
  }

  /// What a channel keeps, in a snapshot.
  ///
  /// @param atNs when [BusMessage.Kept#remainingMs] was right
  public static Item cached(BusMessage.Kept kept, long atNs) {
    return kept(ItemType.CACHED, kept, atNs);
  }

  static Item of(ItemType type, BusMessage message, ByteWriter body, long atNs) {
    return new Item(type, message.appId(), body.toBytes(), atNs, type.isCarried() ? 1 : 0);
  }

  private static Item user(ItemType type, BusMessage message, String userId, long atNs) {
    ByteWriter out = new ByteWriter(userId.length() + 8);
    out.text(userId);
    return of(type, message, out, atNs);
  }

  private static Item event(BusMessage.Event event, long atNs) {
    ByteWriter out = new ByteWriter(capacity(event.publication()));
    BusMessage.Place place = event.place();
    write(out, event.publication(), (place == null ? 0 : HAS_PLACE) | traced(event.trace()));
    if (place != null) {
      out.varint(place.ms());
      out.varint(place.number());
      out.varint(place.previousMs());
      out.varint(place.previousNumber());
    }
    trace(out, event.trace());
    return new Item(ItemType.EVENT, event.appId(), out.toBytes(), atNs, 1);
  }

  private static Item kept(ItemType type, BusMessage.Kept kept, long atNs) {
    ByteWriter out = new ByteWriter(capacity(kept.publication()) + 16);
    out.varint(kept.version());
    out.varint(kept.remainingMs());
    write(out, kept.publication(), traced(kept.trace()));
    trace(out, kept.trace());
    return of(type, kept, out, atNs);
  }

  private static int traced(long trace) {
    return trace == 0 ? 0 : HAS_TRACE;
  }

  private static void trace(ByteWriter out, long trace) {
    if (trace != 0) {
      out.varint(trace);
    }
  }

  private static int capacity(Publication publication) {
    return 48
        + publication.channel().value().length()
        + publication.event().length()
        + publication.data().length();
  }

  private static void write(ByteWriter out, Publication publication, int more) {
    @Nullable String userId = publication.userId();
    @Nullable String except = publication.exceptSocketId();
    out.u8(
        more
            | (userId == null ? 0 : HAS_USER)
            | (except == null ? 0 : HAS_EXCEPT)
            | (publication.origin() == Origin.CLIENT ? IS_CLIENT : 0));
    out.text(publication.channel().value());
    out.text(publication.event());
    if (userId != null) {
      out.text(userId);
    }
    if (except != null) {
      out.text(except);
    }
    out.text(publication.data());
  }

  public ItemType type() {
    return type;
  }

  /// The app, empty for a control item.
  public String appId() {
    return appId;
  }

  /// How many events and commands it is or stands for.
  public long events() {
    return events;
  }

  /// When it was decided, on this node's clock; of interest, when the oldest subscription was made.
  public long atNs() {
    return atNs;
  }

  byte[] body() {
    return body;
  }

  /// What it takes in memory.
  public int bytes() {
    return OVERHEAD_BYTES + body.length;
  }

  @Override
  public String toString() {
    return type + " of " + body.length + " bytes";
  }
}
