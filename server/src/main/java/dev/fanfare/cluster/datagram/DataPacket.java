package dev.fanfare.cluster.datagram;

import java.util.ArrayList;
import java.util.List;

/// Consecutive items of a link, packed into one datagram. Confined to one thread; reused after
/// [#finish].
public final class DataPacket {

  /// Items are packed up to this many bytes. A longer one has a datagram for itself.
  public static final int PACK_BYTES = 64 << 10;

  private static final long NS_PER_US = 1_000;

  private final DatagramCodec codec;
  private final ByteWriter items = new ByteWriter(4096);
  private final List<String> apps = new ArrayList<>();
  private int count;

  DataPacket(DatagramCodec codec) {
    this.codec = codec;
  }

  /// Adds an item, unless the packet is full.
  ///
  /// @param nowNs when the datagram is sent
  /// @return false if it does not fit beside the others
  public boolean add(Item item, long nowNs) {
    if (count > 0
        && (items.length() + item.body().length > PACK_BYTES || count == DatagramCodec.MAX_ITEMS)) {
      return false;
    }
    items.u8(item.type().code() | (item.type().isRequired() ? DatagramCodec.REQUIRED : 0));
    if (item.type().isControl()) {
      items.varint(item.body().length);
    } else {
      int app = app(item.appId());
      long ageUs = Math.max(0, (nowNs - item.atNs()) / NS_PER_US);
      items.varint(
          ByteWriter.varintBytes(app) + ByteWriter.varintBytes(ageUs) + item.body().length);
      items.varint(app);
      items.varint(ageUs);
    }
    items.bytes(item.body());
    count++;
    return true;
  }

  /// Apps are few in a datagram, mostly one.
  private int app(String appId) {
    int index = apps.indexOf(appId);
    if (index < 0) {
      apps.add(appId);
      return apps.size() - 1;
    }
    return index;
  }

  public int count() {
    return count;
  }

  /// The datagram; the packet is empty afterwards.
  ///
  /// @param readsCompression the receiver can read compressed items; those of a snapshot are worth
  ///   it
  public byte[] finish(
      long generation,
      long first,
      Datagram.Ack ack,
      List<Datagram.HeardBeat> heard,
      boolean readsCompression) {
    boolean isCompressed =
        readsCompression
            && codec.mayCompress()
            && items.length() >= Compression.MIN_BYTES
            && items.length() + Long.BYTES <= Compression.MAX_BYTES;
    int kind = DatagramCodec.DATA | (isCompressed ? DatagramCodec.COMPRESSED : 0);
    ByteWriter out = codec.begin(kind, 128 + items.length());
    out.u32(generation);
    out.varint(first);
    DatagramCodec.write(out, ack);
    out.varint(heard.size());
    for (Datagram.HeardBeat beat : heard) {
      out.varint(beat.number());
      out.varint(beat.agoNs() / NS_PER_US);
    }
    out.varint(apps.size());
    apps.forEach(out::text);
    if (isCompressed) {
      ByteWriter plain = new ByteWriter(Long.BYTES + items.length());
      plain.varint(count);
      plain.bytes(items.array(), 0, items.length());
      codec.compression().write(out, plain);
    } else {
      out.varint(count);
      out.bytes(items.array(), 0, items.length());
    }
    items.clear();
    apps.clear();
    count = 0;
    return codec.finish(out);
  }
}
