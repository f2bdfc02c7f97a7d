package dev.fanfare.cluster.datagram;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.WebhookEvent;
import java.util.ArrayList;
import java.util.List;

/// The bytes of messages for one node. Lists that are read grow with what is there, not with the
/// number that the sender names.
final class DirectItems {

  private static final int CACHE_MISS = 0;
  private static final int CLIENT_EVENT = 1;
  private static final int CLIENT_EVENT_OF_USER = 2;

  private DirectItems() {}

  /// Reads the name of a channel.
  @FunctionalInterface
  interface ChannelReader {
    String read(ByteReader in) throws MalformedDatagram;
  }

  /// Reads one element of a list.
  private interface ElementReader<T> {
    T read() throws MalformedDatagram;
  }

  static Item of(BusMessage.Direct message, long atNs) {
    ByteWriter out = new ByteWriter(256);
    ItemType type =
        switch (message) {
          case BusMessage.Undelivered undelivered -> {
            out.varint(undelivered.number());
            out.varint(undelivered.events().size());
            undelivered.events().forEach(draft -> write(out, draft));
            yield ItemType.UNDELIVERED;
          }
          case BusMessage.TakenOver answer -> {
            out.varint(answer.number());
            writeIndexes(out, answer.taken());
            yield ItemType.TAKEN_OVER;
          }
          case BusMessage.Shadows shadows -> {
            out.varint(shadows.number());
            out.varint(shadows.added().size());
            for (BusMessage.Shadow shadow : shadows.added()) {
              out.varint(shadow.id());
              write(out, shadow.draft());
            }
            out.varint(shadows.ended().size());
            shadows.ended().forEach(out::varint);
            yield ItemType.SHADOWS;
          }
          case BusMessage.ShadowsKept answer -> {
            out.varint(answer.number());
            yield ItemType.SHADOWS_KEPT;
          }
          case BusMessage.Returned returned -> {
            out.varint(returned.number());
            out.varint(returned.keys().size());
            returned.keys().forEach(out::u64);
            yield ItemType.RETURNED;
          }
          case BusMessage.Adopted answer -> {
            out.varint(answer.number());
            writeIndexes(out, answer.adopted());
            yield ItemType.ADOPTED;
          }
          case BusMessage.Pulses pulses -> {
            out.varint(pulses.number());
            out.varint(pulses.events().size());
            pulses.events().forEach(pulse -> write(out, pulse));
            yield ItemType.PULSES;
          }
          case BusMessage.PulsesAccepted answer -> {
            out.varint(answer.number());
            yield ItemType.PULSES_ACCEPTED;
          }
          case BusMessage.ConsoleRequest request -> {
            out.varint(request.number());
            out.text(request.target());
            yield ItemType.CONSOLE_REQUEST;
          }
          case BusMessage.ConsoleResponse response -> {
            out.varint(response.number());
            out.text(response.text());
            yield ItemType.CONSOLE_RESPONSE;
          }
        };
    return Item.of(type, message, out, atNs);
  }

  private static void write(ByteWriter out, BusMessage.WebhookDraft draft) {
    out.u64(draft.endpoint());
    out.text(draft.channel());
    out.varint(draft.createdMs());
    out.text(draft.event());
  }

  private static void write(ByteWriter out, BusMessage.Pulse pulse) {
    out.varint(pulse.createdMs());
    switch (pulse.event()) {
      case WebhookEvent.CacheMiss miss -> {
        out.u8(CACHE_MISS);
        out.text(miss.channel());
      }
      case WebhookEvent.ClientEvent sent -> {
        out.u8(sent.userId() == null ? CLIENT_EVENT : CLIENT_EVENT_OF_USER);
        out.text(sent.channel());
        out.text(sent.event());
        out.text(sent.data());
        out.text(sent.socketId());
        if (sent.userId() != null) {
          out.text(sent.userId());
        }
      }
      default -> throw new IllegalArgumentException(pulse.toString());
    }
  }

  private static void writeIndexes(ByteWriter out, List<Integer> indexes) {
    out.varint(indexes.size());
    indexes.forEach(out::varint);
  }

  /// @param channels reads the names of channels
  static BusMessage read(ItemType type, String app, ByteReader in, ChannelReader channels)
      throws MalformedDatagram {
    long number = in.varint();
    return switch (type) {
      case UNDELIVERED ->
          new BusMessage.Undelivered(app, 0, number, list(in, () -> draft(in, channels)));
      case TAKEN_OVER -> new BusMessage.TakenOver(app, 0, number, list(in, () -> index(in)));
      case SHADOWS ->
          new BusMessage.Shadows(
              app,
              0,
              number,
              list(in, () -> new BusMessage.Shadow(in.varint(), draft(in, channels))),
              list(in, in::varint));
      case SHADOWS_KEPT -> new BusMessage.ShadowsKept(app, 0, number);
      case RETURNED -> new BusMessage.Returned(app, 0, number, list(in, in::u64));
      case ADOPTED -> new BusMessage.Adopted(app, 0, number, list(in, () -> index(in)));
      case PULSES -> new BusMessage.Pulses(app, 0, number, list(in, () -> pulse(in, channels)));
      case PULSES_ACCEPTED -> new BusMessage.PulsesAccepted(app, 0, number);
      case CONSOLE_REQUEST -> new BusMessage.ConsoleRequest(app, 0, number, in.text());
      case CONSOLE_RESPONSE -> new BusMessage.ConsoleResponse(app, 0, number, in.text());
      default -> throw new IllegalStateException(type.name());
    };
  }

  private static <T> List<T> list(ByteReader in, ElementReader<T> reader) throws MalformedDatagram {
    List<T> list = new ArrayList<>();
    for (int left = in.varint(DatagramCodec.MAX_ITEMS); left > 0; left--) {
      list.add(reader.read());
    }
    return list;
  }

  private static BusMessage.WebhookDraft draft(ByteReader in, ChannelReader channels)
      throws MalformedDatagram {
    return new BusMessage.WebhookDraft(in.u64(), channels.read(in), in.varint(), in.text());
  }

  private static BusMessage.Pulse pulse(ByteReader in, ChannelReader channels)
      throws MalformedDatagram {
    long createdMs = in.varint();
    int kind = in.u8();
    String channel = channels.read(in);
    return switch (kind) {
      case CACHE_MISS -> new BusMessage.Pulse(createdMs, new WebhookEvent.CacheMiss(channel));
      case CLIENT_EVENT, CLIENT_EVENT_OF_USER ->
          new BusMessage.Pulse(
              createdMs,
              new WebhookEvent.ClientEvent(
                  channel,
                  in.text(),
                  in.text(),
                  in.text(),
                  kind == CLIENT_EVENT_OF_USER ? in.text() : null));
      default -> throw new MalformedDatagram(Rejection.FORMAT);
    };
  }

  private static int index(ByteReader in) throws MalformedDatagram {
    return in.varint(DatagramCodec.MAX_ITEMS);
  }
}
