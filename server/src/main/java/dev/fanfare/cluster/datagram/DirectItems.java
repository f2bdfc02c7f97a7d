package dev.fanfare.cluster.datagram;

import dev.fanfare.bus.BusMessage;
import java.util.ArrayList;
import java.util.List;

/// The bytes of messages for one node. Lists that are read grow with what is there, not with the
/// number that the sender names.
final class DirectItems {

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
        };
    return Item.of(type, message, out, atNs);
  }

  private static void write(ByteWriter out, BusMessage.WebhookDraft draft) {
    out.u64(draft.endpoint());
    out.text(draft.channel());
    out.varint(draft.createdMs());
    out.text(draft.event());
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

  private static int index(ByteReader in) throws MalformedDatagram {
    return in.varint(DatagramCodec.MAX_ITEMS);
  }
}
