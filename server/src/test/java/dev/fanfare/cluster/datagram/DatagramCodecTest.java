package dev.fanfare.cluster.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.WebhookEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one node writes another reads; everything else is rejected whole.
final class DatagramCodecTest {

  private static final long LIFE = 0x1234567890abcdefL;
  private static final long NOW_NS = 5_000_000_000L;
  private static final Datagram.Ack ACK = new Datagram.Ack(7, 300, false, true);

  private final DatagramCodec writer = new DatagramCodec("main", LIFE, Seal.checksum());
  private final DatagramCodec reader = new DatagramCodec("main", 1, Seal.checksum());

  static Publication publication(String channel, String data) {
    return new Publication(
        new ChannelName(channel, false, false, false, false, false),
        "event",
        data,
        null,
        null,
        Origin.HTTP);
  }

  private static Datagram.Beat beat() {
    return DatagramBeatBuilder.builder()
        .number(4)
        .isDraining(true)
        .isComplete(false)
        .identity(new Datagram.Identity("node-a", "1.2.3", 1, 2, -5))
        .table(
            List.of(
                new Datagram.Seen(9, true, 3, 1_000_000, 4, 5),
                new Datagram.Seen(-1, false, 0, 0, 0, 0)))
        .demands(
            List.of(
                new Datagram.Demand("1", 12.5, 0),
                new Datagram.Demand("another", 0.001, 1_000_000)))
        .apps(AppHashes.of(List.of("1", "another")))
        .heard(List.of(new Datagram.HeardBeat(17, 34_000), new Datagram.HeardBeat(0, 0)))
        .build();
  }

  private static byte[] data(DatagramCodec codec, BusMessage... messages) {
    DataPacket packet = codec.packet();
    for (BusMessage message : messages) {
      assertThat(packet.add(Item.of(message, NOW_NS - 2_000_000), NOW_NS)).isTrue();
    }
    return packet.finish(3, 500, ACK, List.of(new Datagram.HeardBeat(12, 34_000)), false);
  }

  private Datagram read(byte[] datagram) {
    return ((DatagramCodec.Valid) reader.read(datagram)).datagram();
  }

  private static Rejection rejection(DatagramCodec codec, byte[] datagram) {
    return ((DatagramCodec.Invalid) codec.read(datagram)).rejection();
  }

  @Test
  void beatsAndAcknowledgementsArriveAsTheyWere() {
    assertThat(reader.read(writer.write(beat()))).isEqualTo(new DatagramCodec.Valid(LIFE, beat()));
    assertThat(read(writer.write(ACK))).isEqualTo(ACK);
  }

  @Test
  void everyMessageArrivesAsItWas() {
    Publication full =
        new Publication(
            new ChannelName("presence-c", true, true, false, false, false),
            "client-é",
            "{\"text\":\"ünïcode 😀\"}",
            "user 1",
            "12.34",
            Origin.CLIENT);
    BusMessage[] messages = {
      new BusMessage.Event("app-1", full),
      new BusMessage.Event(
          "app-1", full, new BusMessage.Place(1_764_270_000_123L, 7, 1_764_270_000_122L, 0)),
      new BusMessage.Event("app-1", full, new BusMessage.Place(1_764_270_000_123L, 0, 0, 0)),
      new BusMessage.Event(
          "app-1", full, new BusMessage.Place(1_764_270_000_123L, 0, 0, 0), Long.MAX_VALUE),
      new BusMessage.Event("app-1", full, null, 1),
      new BusMessage.Kept("app-2", publication("cache-c", ""), 77, 60_000),
      new BusMessage.Kept("app-2", publication("cache-c", ""), 77, 60_000, false, 1L << 50),
      new BusMessage.TerminateUser("app-1", "user"),
      new BusMessage.Joined("app-1", "presence-c", new Member("1", "{}")),
      new BusMessage.Left("app-1", "presence-c", "1", true),
      new BusMessage.Online("app-1", "1"),
      new BusMessage.Offline("app-1", "1"),
      new BusMessage.Connections("app-2", 123_456),
      new BusMessage.Reported("app-1", "presence-c", "1", BusMessage.Reported.State.PRESENT, 0),
      new BusMessage.Reported("app-2", "c", "", BusMessage.Reported.State.ABSENT, 0),
      new BusMessage.Reported("app-1", "c", "", BusMessage.Reported.State.RELEASED, 0),
      new BusMessage.Undelivered(
          "app-1",
          0,
          5,
          List.of(
              new BusMessage.WebhookDraft(Long.MIN_VALUE, "presence-c", 1_327_078_148_132L, "{}"),
              new BusMessage.WebhookDraft(3, "c", 0, "{\"text\":\"ünïcode 😀\"}"))),
      new BusMessage.TakenOver("app-2", 0, 5, List.of(0, 300)),
      new BusMessage.Shadows(
          "app-1",
          0,
          6,
          List.of(
              new BusMessage.Shadow(
                  17, new BusMessage.WebhookDraft(-1, "c", 1_327_078_148_132L, "{}"))),
          List.of(3L, 5_000_000_000L)),
      new BusMessage.ShadowsKept("app-1", 0, 6),
      new BusMessage.Returned("app-1", 0, 7, List.of(Long.MIN_VALUE, -1L)),
      new BusMessage.Adopted("app-1", 0, 7, List.of(1)),
      new BusMessage.Pulses(
          "app-1",
          0,
          8,
          List.of(
              new BusMessage.Pulse(
                  1_327_078_148_132L,
                  new WebhookEvent.ClientEvent("presence-c", "client-e", "ünïcode 😀", "1.2", "u")),
              new BusMessage.Pulse(
                  0, new WebhookEvent.ClientEvent("private-c", "client-e", "", "1.2", null)),
              new BusMessage.Pulse(1, new WebhookEvent.CacheMiss("cache-c")))),
      new BusMessage.PulsesAccepted("app-1", 0, 8),
      new BusMessage.ConsoleRequest("app-1", 0, 9, "/api/apps/app-1/channels?prefix=ü"),
      new BusMessage.ConsoleResponse("", 0, 9, "{\"text\":\"😀\"}"),
    };
    Datagram.Data data = (Datagram.Data) read(data(writer, messages));
    assertThat(data.items())
        .extracting(ReceivedItem::message)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("publication.channel")
        .containsExactly(messages);
    assertThat(data.items()).extracting(ReceivedItem::ageNs).containsOnly(2_000_000L);
    assertThat(data.generation()).isEqualTo(3);
    assertThat(data.first()).isEqualTo(500);
    assertThat(data.ack()).isEqualTo(ACK);
    assertThat(data.heard()).containsExactly(new Datagram.HeardBeat(12, 34_000));
  }

  /// The clocks of two nodes have nothing in common.
  @Test
  void interestArrivesWithItsAgeInsteadOfItsTime() {
    Datagram.Data data =
        (Datagram.Data)
            read(data(writer, new BusMessage.Interest("1", "c", 5, NOW_NS - 4_000_000_000L)));
    ReceivedItem item = data.items().getFirst();
    assertThat(item.message()).isEqualTo(new BusMessage.Interest("1", "c", 5, 0));
    assertThat(item.ageNs()).isEqualTo(4_000_000_000L);
  }

  /// A text cut in the middle of an emoji is valid JSON.
  @Test
  void halfASurrogatePairArrivesUnchanged() {
    String user = "cut \ud83d";
    Datagram.Data data = (Datagram.Data) read(data(writer, new BusMessage.Online("1", user)));
    assertThat(data.items().getFirst().message()).isEqualTo(new BusMessage.Online("1", user));
  }

  @Test
  void controlItemsArriveWithTheirNumbers() {
    DataPacket packet = writer.packet();
    for (Item item : List.of(Item.begin(0), Item.lost(9), Item.digest(3, Long.MIN_VALUE))) {
      assertThat(packet.add(item, NOW_NS)).isTrue();
    }
    Datagram.Data data = (Datagram.Data) read(packet.finish(1, 0, ACK, List.of(), false));
    assertThat(data.items())
        .containsExactly(
            new ReceivedItem(ItemType.BEGIN, null, false, 0, 0, 0),
            new ReceivedItem(ItemType.LOST, null, false, 0, 9, 0),
            new ReceivedItem(ItemType.DIGEST, null, false, 0, 3, Long.MIN_VALUE));
  }

  @Test
  void aPacketIsFullAtItsBoundAndALongItemGoesAlone() {
    DataPacket packet = writer.packet();
    Item item = Item.of(new BusMessage.Event("1", publication("c", "x".repeat(40_000))), NOW_NS);
    assertThat(packet.add(item, NOW_NS)).isTrue();
    assertThat(packet.add(item, NOW_NS)).isFalse();
    assertThat(packet.finish(1, 0, ACK, List.of(), false)).hasSizeBetween(40_000, 41_000);
    Item longItem =
        Item.of(new BusMessage.Event("1", publication("c", "x".repeat(100_000))), NOW_NS);
    assertThat(packet.add(longItem, NOW_NS)).isTrue();
    assertThat(packet.count()).isEqualTo(1);
  }

  private static byte[] manyNames(DatagramCodec codec, boolean isCompressed) {
    DataPacket packet = codec.packet();
    for (int i = 0; i < 1_000; i++) {
      BusMessage message = new BusMessage.Interest("1", "channel-with-a-name-" + i, 1, NOW_NS);
      assertThat(packet.add(Item.of(message, NOW_NS), NOW_NS)).isTrue();
    }
    return packet.finish(1, 0, ACK, List.of(), isCompressed);
  }

  @Test
  void compressedItemsArriveAsTheyWere() {
    byte[] plain = manyNames(writer, false);
    byte[] compressed = manyNames(writer, true);
    assertThat(compressed.length).isLessThan(plain.length / 4);
    assertThat(read(compressed)).isEqualTo(read(plain));
    assertThat(manyNames(writer, true)).isEqualTo(compressed);
  }

  /// Their length would say something about what they contain.
  @Test
  void encryptedItemsAreNotCompressed() {
    DatagramCodec sealed = new DatagramCodec("main", LIFE, Seal.secret(new byte[32], "main"));
    assertThat(manyNames(sealed, true)).hasSameSizeAs(manyNames(sealed, false));
  }

  @Test
  void whatDoesNotDecompressToWhatItClaimsIsRejected() {
    for (int change = -2; change <= 2; change++) {
      for (boolean isLength : new boolean[] {true, false}) {
        if (change != 0) {
          assertThat(rejection(reader, miscounted(change, isLength ? 0 : change)))
              .as("%d, of both lengths: %s", change, !isLength)
              .isEqualTo(Rejection.FORMAT);
        }
      }
    }
    assertThat(reader.read(miscounted(0, 0))).isInstanceOf(DatagramCodec.Valid.class);
    assertThat(rejection(reader, miscounted(Compression.MAX_BYTES, 0))).isEqualTo(Rejection.FORMAT);
  }

  /// No items, compressed, with wrong lengths.
  private byte[] miscounted(int plainChange, int compressedChange) {
    ByteWriter plain = new ByteWriter(8);
    plain.varint(0);
    plain.u16(0);
    ByteWriter right = new ByteWriter(64);
    new Compression().write(right, plain);
    int compressed = right.length() - 2;
    ByteWriter out = writer.begin(DatagramCodec.DATA | DatagramCodec.COMPRESSED, 64);
    out.u32(1);
    out.varint(0);
    DatagramCodec.write(out, ACK);
    out.varint(0);
    out.varint(0);
    out.varint(plain.length() + plainChange);
    out.varint(compressed + compressedChange);
    out.bytes(right.array(), 2, compressed);
    return writer.finish(out);
  }

  @Test
  void aDamagedByteIsNoticedWhereverItIs() {
    byte[] datagram = writer.write(beat());
    for (int i = 0; i < datagram.length; i++) {
      byte[] damaged = datagram.clone();
      damaged[i] ^= 0x10;
      assertThat(reader.read(damaged)).as("byte " + i).isInstanceOf(DatagramCodec.Invalid.class);
    }
  }

  @Test
  void anotherClusterIsRejected() {
    DatagramCodec other = new DatagramCodec("staging", 1, Seal.checksum());
    assertThat(rejection(other, writer.write(ACK))).isEqualTo(Rejection.CLUSTER);
  }

  /// Every prefix of every kind of datagram, with a right checksum.
  @Test
  void cutDatagramsAreRejected() {
    for (byte[] datagram :
        List.of(
            writer.write(beat()),
            writer.write(ACK),
            data(writer, new BusMessage.Event("1", publication("c", "data"))))) {
      for (int length = DatagramCodec.HEADER_BYTES; length < datagram.length - 4; length++) {
        byte[] cut = Seal.checksum().close(datagram, length, LIFE);
        assertThat(rejection(reader, cut)).as("of length " + length).isEqualTo(Rejection.FORMAT);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "#private", "ä"})
  void invalidChannelNamesAreRejected(String name) {
    byte[] datagram = data(writer, new BusMessage.Interest("1", name, 1, 0));
    assertThat(rejection(reader, datagram)).isEqualTo(Rejection.NAME);
  }

  @Test
  void aSealedDatagramIsReadWithTheSecretOnly() {
    byte[] secret = new byte[32];
    DatagramCodec sealed = new DatagramCodec("main", LIFE, Seal.secret(secret, "main"));
    DatagramCodec sameSecret = new DatagramCodec("main", 2, Seal.secret(secret, "main"));
    byte[] other = secret.clone();
    other[0] = 1;
    DatagramCodec otherSecret = new DatagramCodec("main", 3, Seal.secret(other, "main"));
    BusMessage message = new BusMessage.Online("1", "readable-user-id");
    byte[] datagram = data(sealed, message);
    assertThat(new String(datagram, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("readable");
    assertThat(
            ((Datagram.Data) ((DatagramCodec.Valid) sameSecret.read(datagram)).datagram()).items())
        .extracting(ReceivedItem::message)
        .containsExactly(message);
    assertThat(rejection(otherSecret, datagram)).isEqualTo(Rejection.SEAL);
    assertThat(rejection(reader, datagram)).isEqualTo(Rejection.SECRET);
    assertThat(rejection(sealed, data(writer, message))).isEqualTo(Rejection.SECRET);
    for (int i = 0; i < datagram.length; i++) {
      byte[] damaged = datagram.clone();
      damaged[i] ^= 1;
      assertThat(sameSecret.read(damaged))
          .as("byte " + i)
          .isInstanceOf(DatagramCodec.Invalid.class);
    }
  }

  /// Two datagrams with one nonce would reveal what they contain.
  @Test
  void noTwoSealedDatagramsAreEqual() {
    DatagramCodec sealed = new DatagramCodec("main", LIFE, Seal.secret(new byte[32], "main"));
    assertThat(sealed.write(ACK)).isNotEqualTo(sealed.write(ACK));
  }

  /// An item of a newer version: it is skipped, or stops the link if it must be understood.
  @Test
  void unknownItemsAreSkippedOrNamed() {
    byte[] known = data(writer, new BusMessage.Online("1", "u"), new BusMessage.Online("1", "v"));
    byte[] body = Arrays.copyOf(known, known.length - 4);
    int type = 0;
    while (body[type] != (byte) (ItemType.ONLINE.code() | DatagramCodec.REQUIRED)) {
      type++;
    }
    body[type] = 0x7e;
    assertThat(((Datagram.Data) read(Seal.checksum().close(body, body.length, LIFE))).items())
        .extracting(ReceivedItem::message)
        .containsExactly(null, new BusMessage.Online("1", "v"));
    body[type] = (byte) 0xfe;
    assertThat(
            ((Datagram.Data) read(Seal.checksum().close(body, body.length, LIFE)))
                .items()
                .getFirst())
        .isEqualTo(new ReceivedItem(null, null, true, 0, 0, 0));
  }

  /// What newer versions append to a datagram is ignored.
  @Test
  void whatFollowsTheKnownFieldsIsIgnored() {
    byte[] datagram = writer.write(ACK);
    byte[] longer = Arrays.copyOf(datagram, datagram.length + 6);
    assertThat(read(Seal.checksum().close(longer, datagram.length + 2, LIFE))).isEqualTo(ACK);
  }

  @Test
  void whatIsNoDatagramIsRejected() {
    assertThat(rejection(reader, new byte[0])).isEqualTo(Rejection.MAGIC);
    assertThat(rejection(reader, new byte[100])).isEqualTo(Rejection.MAGIC);
    byte[] otherVersion = writer.write(ACK);
    otherVersion[2] = 9;
    assertThat(rejection(reader, otherVersion)).isEqualTo(Rejection.VERSION);
  }
}
