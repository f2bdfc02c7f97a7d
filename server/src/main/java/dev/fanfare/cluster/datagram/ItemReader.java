package dev.fanfare.cluster.datagram;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import org.jspecify.annotations.Nullable;

/// Reads the items of a datagram. What follows the known fields of an item is for newer versions.
/// Confined to one thread.
final class ItemReader {

  /// More than any configuration allows.
  private static final int MAX_NAME_CHARS = 1 << 16;

  private static final int TYPE_MASK = 0x7f;

  /// Most events of a datagram are for a few channels, so the last name is not parsed again.
  private @Nullable ChannelName lastName;

  /// @param apps of the datagram
  ReceivedItem read(ByteReader datagram, String[] apps) throws MalformedDatagram {
    int code = datagram.u8();
    ByteReader in = datagram.slice(datagram.varint());
    @Nullable ItemType type = ItemType.of(code & TYPE_MASK);
    if (type == null) {
      return new ReceivedItem(null, null, (code & DatagramCodec.REQUIRED) != 0, 0, 0, 0);
    }
    if (type.isControl()) {
      return control(type, in);
    }
    int app = in.varint(Integer.MAX_VALUE);
    if (app >= apps.length) {
      throw new MalformedDatagram(Rejection.FORMAT);
    }
    long ageNs = DatagramCodec.nanos(in.varint());
    return new ReceivedItem(type, message(type, apps[app], in), false, ageNs, 0, 0);
  }

  private static ReceivedItem control(ItemType type, ByteReader in) throws MalformedDatagram {
    boolean hasCount = type == ItemType.BEGIN || type == ItemType.LOST || type == ItemType.DIGEST;
    long count = hasCount ? in.varint() : 0;
    long hash = type == ItemType.DIGEST ? in.u64() : 0;
    return new ReceivedItem(type, null, false, 0, count, hash);
  }

  private BusMessage message(ItemType type, String app, ByteReader in) throws MalformedDatagram {
    return switch (type) {
      case INTEREST -> new BusMessage.Interest(app, channel(in), in.varint(Integer.MAX_VALUE), 0);
      case JOINED -> new BusMessage.Joined(app, channel(in), new Member(in.text(), in.text()));
      case LEFT -> new BusMessage.Left(app, channel(in), in.text(), in.u8() != 0);
      case ONLINE -> new BusMessage.Online(app, in.text());
      case OFFLINE -> new BusMessage.Offline(app, in.text());
      case REPORTED -> {
        BusMessage.Reported.State state = state(in);
        yield new BusMessage.Reported(app, channel(in), in.text(), state, 0);
      }
      case CONNECTIONS -> new BusMessage.Connections(app, in.varint(Integer.MAX_VALUE));
      case EVENT -> event(app, in);
      case KEPT, CACHED -> {
        long version = in.varint();
        long remainingMs = in.varint();
        boolean isTraced = (in.peek() & Item.HAS_TRACE) != 0;
        Publication publication = publication(in);
        long trace = isTraced ? in.varint() : 0;
        yield new BusMessage.Kept(app, publication, version, remainingMs, false, trace);
      }
      case UNDELIVERED,
          TAKEN_OVER,
          SHADOWS,
          SHADOWS_KEPT,
          RETURNED,
          ADOPTED,
          PULSES,
          PULSES_ACCEPTED,
          CONSOLE_REQUEST,
          CONSOLE_RESPONSE ->
          DirectItems.read(type, app, in, this::channel);
      case TERMINATE -> new BusMessage.TerminateUser(app, in.text());
      case BEGIN, END, BYE, LOST, DIGEST -> throw new IllegalStateException(type.name());
    };
  }

  private BusMessage.Event event(String app, ByteReader in) throws MalformedDatagram {
    int flags = in.peek();
    Publication publication = publication(in);
    BusMessage.Place place =
        (flags & Item.HAS_PLACE) == 0
            ? null
            : new BusMessage.Place(in.varint(), in.varint(), in.varint(), in.varint());
    long trace = (flags & Item.HAS_TRACE) == 0 ? 0 : in.varint();
    return new BusMessage.Event(app, publication, place, trace);
  }

  private static BusMessage.Reported.State state(ByteReader in) throws MalformedDatagram {
    return switch (in.u8()) {
      case Item.REPORTED_PRESENT -> BusMessage.Reported.State.PRESENT;
      case Item.REPORTED_ABSENT -> BusMessage.Reported.State.ABSENT;
      case Item.REPORTED_RELEASED -> BusMessage.Reported.State.RELEASED;
      default -> throw new MalformedDatagram(Rejection.FORMAT);
    };
  }

  private String channel(ByteReader in) throws MalformedDatagram {
    return name(in).value();
  }

  private ChannelName name(ByteReader in) throws MalformedDatagram {
    String text = in.text();
    ChannelName last = lastName;
    if (last != null && last.value().equals(text)) {
      return last;
    }
    if (!(ChannelName.parse(text, MAX_NAME_CHARS) instanceof Parsed.Ok<ChannelName>(var name))) {
      throw new MalformedDatagram(Rejection.NAME);
    }
    lastName = name;
    return name;
  }

  private Publication publication(ByteReader in) throws MalformedDatagram {
    int flags = in.u8();
    ChannelName channel = name(in);
    String event = in.text();
    @Nullable String userId = (flags & Item.HAS_USER) == 0 ? null : in.text();
    @Nullable String except = (flags & Item.HAS_EXCEPT) == 0 ? null : in.text();
    Origin origin = (flags & Item.IS_CLIENT) == 0 ? Origin.HTTP : Origin.CLIENT;
    return new Publication(channel, event, in.text(), userId, except, origin);
  }
}
