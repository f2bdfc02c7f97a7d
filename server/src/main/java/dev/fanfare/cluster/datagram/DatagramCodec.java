package dev.fanfare.cluster.datagram;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes and reads datagrams. Nothing that arrives makes it fail, and no length is believed before
/// it was compared with what is there. Confined to one thread.
///
/// A datagram is a header (magic 2 bytes, version 1, kind 1, hash of the cluster's name 4, life of
/// the sender 8), what its kind requires, and the seal.
public final class DatagramCodec {

  static final int HEADER_BYTES = 16;

  /// The bit in the kind of a datagram that is encrypted.
  static final int SEALED = 0x80;

  /// The bit in the kind of data whose items are compressed; see [Datagram#COMPRESSION_CODEC].
  static final int COMPRESSED = 0x40;

  /// The bit in an item's type without which a receiver that does not know the type may skip it.
  static final int REQUIRED = 0x80;

  static final int MAX_ITEMS = 1 << 16;

  static final int BEAT = 1;
  static final int DATA = 2;
  static final int ACK = 3;

  private static final int MAGIC = 0xfa4f;
  private static final int VERSION = 1;
  private static final int VERSION_AT = 2;
  private static final int KIND_AT = 3;
  private static final int CLUSTER_AT = 4;
  private static final int LIFE_AT = 8;

  private static final int MAX_PEERS = 1024;
  private static final int MAX_HEARD = 16;
  private static final int MAX_TEXT_CHARS = 256;
  private static final int SEEN_BYTES = 18;
  private static final int MIN_ITEM_BYTES = 2;
  private static final int MIN_DEMAND_BYTES = 3;

  /// Demand is written in thousandths of a token per second.
  private static final double PARTS_OF_TOKEN = 1_000;

  private static final long NS_PER_US = 1_000;

  private static final int IS_DRAINING = 1;
  private static final int IS_COMPLETE = 2;
  private static final int IS_NONE = 1;
  private static final int IS_GAP = 2;

  /// What a datagram turned out to be.
  public sealed interface Decoded {}

  /// A datagram of this cluster.
  ///
  /// @param life of the sender
  public record Valid(long life, Datagram datagram) implements Decoded {}

  /// Something to drop.
  public record Invalid(Rejection rejection) implements Decoded {}

  private final long life;
  private final long clusterHash;
  private final Seal seal;
  private final DataPacket packet = new DataPacket(this);
  private final ItemReader items = new ItemReader();
  private final Compression compression = new Compression();

  /// @param cluster its name
  /// @param life of this process
  public DatagramCodec(String cluster, long life, Seal seal) {
    this.life = life;
    this.clusterHash = hash(cluster);
    this.seal = seal;
  }

  private static long hash(String cluster) {
    CRC32C crc = new CRC32C();
    crc.update(cluster.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /// The packet for the next data, which must be finished before another is begun.
  public DataPacket packet() {
    return packet;
  }

  ByteWriter begin(int kind, int capacity) {
    ByteWriter out = new ByteWriter(HEADER_BYTES + capacity);
    out.u16(MAGIC);
    out.u8(VERSION);
    out.u8(kind | seal.kindBit());
    out.u32(clusterHash);
    out.u64(life);
    return out;
  }

  /// Only without a secret: the length of what is compressed and then encrypted says how much its
  /// parts resemble each other.
  boolean mayCompress() {
    return seal.kindBit() == 0;
  }

  Compression compression() {
    return compression;
  }

  byte[] finish(ByteWriter out) {
    return seal.close(out.array(), out.length(), life);
  }

  public byte[] write(Datagram.Beat beat) {
    ByteWriter out = begin(BEAT, 128 + 32 * beat.table().size());
    out.varint(beat.number());
    out.u16((beat.isDraining() ? IS_DRAINING : 0) | (beat.isComplete() ? IS_COMPLETE : 0));
    out.u8(beat.identity().lowestCodec());
    out.u8(beat.identity().highestCodec());
    out.u64(beat.identity().configHash());
    out.text(beat.identity().node());
    out.text(beat.identity().version());
    out.varint(beat.table().size());
    for (Datagram.Seen seen : beat.table()) {
      out.u64(seen.life());
      out.u8(seen.isNone() ? IS_NONE : 0);
      out.u32(seen.generation());
      out.varint(seen.expected());
      out.u32(seen.openedGeneration());
      out.varint(seen.next());
    }
    out.varint(beat.demands().size());
    for (Datagram.Demand demand : beat.demands()) {
      out.text(demand.appId());
      out.varint(Math.round(demand.events() * PARTS_OF_TOKEN));
      out.varint(Math.round(demand.reads() * PARTS_OF_TOKEN));
    }
    out.varint(beat.apps().size());
    beat.apps().forEach(out::u32);
    for (Datagram.HeardBeat heard : beat.heard()) {
      out.varint(heard.number());
      out.varint(heard.agoNs() / NS_PER_US);
    }
    return finish(out);
  }

  public byte[] write(Datagram.Ack ack) {
    ByteWriter out = begin(ACK, 32);
    write(out, ack);
    return finish(out);
  }

  static void write(ByteWriter out, Datagram.Ack ack) {
    out.u32(ack.generation());
    out.varint(ack.expected());
    out.u8((ack.isNone() ? IS_NONE : 0) | (ack.isGap() ? IS_GAP : 0));
  }

  /// Reads a datagram from any source.
  public Decoded read(byte[] datagram) {
    try {
      return readChecked(datagram);
    } catch (MalformedDatagram e) {
      return new Invalid(e.rejection());
    }
  }

  private Decoded readChecked(byte[] datagram) throws MalformedDatagram {
    require(datagram.length >= HEADER_BYTES, Rejection.MAGIC);
    require(number(datagram, 0, Short.BYTES) == MAGIC, Rejection.MAGIC);
    require(datagram[VERSION_AT] == VERSION, Rejection.VERSION);
    require(number(datagram, CLUSTER_AT, Integer.BYTES) == clusterHash, Rejection.CLUSTER);
    int kind = datagram[KIND_AT] & 0xff;
    require((kind & SEALED) == seal.kindBit(), Rejection.SECRET);
    require(datagram.length >= HEADER_BYTES + seal.overhead(), Rejection.SEAL);
    long sender = number(datagram, LIFE_AT, Long.BYTES);
    byte @Nullable [] opened = seal.open(datagram, sender);
    if (opened == null) {
      throw new MalformedDatagram(Rejection.SEAL);
    }
    require(sender != 0, Rejection.FORMAT);
    ByteReader in = new ByteReader(opened, HEADER_BYTES, datagram.length - seal.overhead());
    Datagram read =
        switch (kind & ~SEALED) {
          case BEAT -> readBeat(in);
          case DATA -> readData(in, false);
          case DATA | COMPRESSED -> readData(in, true);
          case ACK -> readAck(in);
          default -> throw new MalformedDatagram(Rejection.FORMAT);
        };
    // What follows is for newer versions.
    return new Valid(sender, read);
  }

  private static void require(boolean condition, Rejection otherwise) throws MalformedDatagram {
    if (!condition) {
      throw new MalformedDatagram(otherwise);
    }
  }

  private static long number(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = (value << Byte.SIZE) | (bytes[i] & 0xff);
    }
    return value;
  }

  private static Datagram.Beat readBeat(ByteReader in) throws MalformedDatagram {
    long number = in.varint();
    int flags = in.u16();
    int lowest = in.u8();
    int highest = in.u8();
    long configHash = in.u64();
    String node = shortText(in);
    String version = shortText(in);
    int size = count(in, MAX_PEERS, SEEN_BYTES);
    List<Datagram.Seen> table = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      long seen = in.u64();
      int seenFlags = in.u8();
      table.add(
          new Datagram.Seen(
              seen, (seenFlags & IS_NONE) != 0, in.u32(), in.varint(), in.u32(), in.varint()));
      require(seen != 0, Rejection.FORMAT);
    }
    return DatagramBeatBuilder.builder()
        .number(number)
        .isDraining((flags & IS_DRAINING) != 0)
        .isComplete((flags & IS_COMPLETE) != 0)
        .identity(new Datagram.Identity(node, version, lowest, highest, configHash))
        .table(table)
        .demands(readDemands(in))
        .apps(readApps(in))
        .heard(readHeard(in, size))
        .build();
  }

  private static List<Datagram.Demand> readDemands(ByteReader in) throws MalformedDatagram {
    int size = count(in, Datagram.MAX_DEMANDS, MIN_DEMAND_BYTES);
    List<Datagram.Demand> demands = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      demands.add(
          new Datagram.Demand(
              in.text(), in.varint() / PARTS_OF_TOKEN, in.varint() / PARTS_OF_TOKEN));
    }
    return demands;
  }

  private static Set<Integer> readApps(ByteReader in) throws MalformedDatagram {
    int size = count(in, Datagram.MAX_APPS, Integer.BYTES);
    Set<Integer> apps = HashSet.newHashSet(size);
    for (int i = 0; i < size; i++) {
      apps.add((int) in.u32());
    }
    return apps;
  }

  /// A text for people, which log lines show.
  private static String shortText(ByteReader in) throws MalformedDatagram {
    String text = in.text();
    require(text.length() <= MAX_TEXT_CHARS, Rejection.FORMAT);
    return text;
  }

  /// A number of things that follow, each of `minBytes` at least.
  private static int count(ByteReader in, int max, int minBytes) throws MalformedDatagram {
    int count = in.varint(max);
    require((long) count * minBytes <= in.remaining(), Rejection.FORMAT);
    return count;
  }

  private Datagram.Data readData(ByteReader in, boolean isCompressed) throws MalformedDatagram {
    long generation = in.u32();
    long first = in.varint();
    Datagram.Ack ack = readAck(in);
    List<Datagram.HeardBeat> heard = readHeard(in, count(in, MAX_HEARD, MIN_ITEM_BYTES));
    String[] apps = new String[count(in, MAX_ITEMS, 1)];
    for (int i = 0; i < apps.length; i++) {
      apps[i] = in.text();
    }
    ByteReader body = isCompressed ? compression.read(in) : in;
    int bytes = body.remaining();
    int size = count(body, MAX_ITEMS, MIN_ITEM_BYTES);
    List<ReceivedItem> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(items.read(body, apps));
    }
    return new Datagram.Data(generation, first, ack, heard, list, bytes);
  }

  private static List<Datagram.HeardBeat> readHeard(ByteReader in, int size)
      throws MalformedDatagram {
    List<Datagram.HeardBeat> heard = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      heard.add(new Datagram.HeardBeat(in.varint(), nanos(in.varint())));
    }
    return heard;
  }

  private static Datagram.Ack readAck(ByteReader in) throws MalformedDatagram {
    long generation = in.u32();
    long expected = in.varint();
    int flags = in.u8();
    return new Datagram.Ack(generation, expected, (flags & IS_NONE) != 0, (flags & IS_GAP) != 0);
  }

  /// A duration of microseconds; those that would overflow are centuries.
  static long nanos(long us) {
    return us > Long.MAX_VALUE / NS_PER_US / 4 ? Long.MAX_VALUE / 4 : us * NS_PER_US;
  }
}
