package dev.fanfare.history.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Inherited;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import dev.fanfare.testing.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of history as released versions wrote them are read, and this version writes the same
/// bytes. Those of a newer version are refused and not changed.
final class KeptFilesTest {

  private static final long START_MS = 1_796_032_800_000L;
  private static final Moment NOW = new Moment(START_MS, 77_000_000);
  private static final ChannelName CHANNEL = channel();
  private static final String NAME = "000000000001.segment";
  private static final int VERSION_AT = 7;

  private static final String SEGMENT = "history/segment.hex";
  private static final String INDEX = "history/index.hex";
  private static final String RESTART = "history/restart.hex";

  /// A record of each kind.
  private static final List<SegmentRecord> RECORDS =
      List.of(
          new SegmentRecord.Event(new EventId(START_MS, 3), 1L << 60, full(), false, "_id"),
          new SegmentRecord.Event(
              new EventId(START_MS, 4),
              7,
              new Publication(CHANNEL, "e", "{}", null, null, Origin.HTTP),
              true,
              ""),
          SegmentRecord.Event.ofPresence(
              new EventId(START_MS, 5),
              8,
              new Publication(CHANNEL, "joined", "{}", "user", null, Origin.HTTP)),
          new SegmentRecord.Cursor(CHANNEL.value(), "d:phone", new EventId(5, 6), START_MS),
          new SegmentRecord.Purge(CHANNEL.value(), new EventId(7, 8), START_MS + 1, false),
          new SegmentRecord.Purge(CHANNEL.value(), new EventId(7, 9), START_MS + 2, true));

  private static final Inherited.Position POSITION =
      new Inherited.Position(
          new ChannelKey("app", CHANNEL.value()),
          new EventId(2, 0),
          new Identity(Identity.Kind.TAG, "phone"),
          true,
          new Inherited.Place(
              new EventId(START_MS, 3), List.of("1.2", "3.4"), NOW.ns() + 60_000_000_000L));

  private static final Inherited.Channel KEPT =
      new Inherited.Channel(
          new ChannelKey("app", CHANNEL.value()),
          List.of(new StoredEvent(new EventId(START_MS, 3), full(), 0, NOW.ns(), true, "_id")),
          new EventId(START_MS, 3),
          new EventId(START_MS - 5_000, 1),
          true);

  @TempDir private Path folder;

  private static ChannelName channel() {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse("presence-x", 200)).value();
  }

  /// Has every field.
  static Publication full() {
    return PublicationBuilder.builder()
        .channel(CHANNEL)
        .event("client-e")
        .data("\u20ac and an unpaired surrogate: \ud800")
        .userId("user")
        .exceptSocketId("12.34")
        .origin(Origin.CLIENT)
        .keepSeconds(60)
        .build();
  }

  private Path segment() {
    return folder.resolve(NAME);
  }

  private SegmentLog open() throws IOException {
    return SegmentLog.open(folder, 1 << 20);
  }

  /// Everything that a log has, in the order of its files.
  private static List<SegmentRecord> all(SegmentLog log) throws IOException {
    List<SegmentRecord> all = new ArrayList<>();
    log.events(CHANNEL.value(), all::add);
    log.presence("user", all::add);
    log.others(CHANNEL.value(), all::add);
    return all.stream()
        .distinct()
        .sorted((one, other) -> Integer.compare(RECORDS.indexOf(one), RECORDS.indexOf(other)))
        .toList();
  }

  @Test
  void thisVersionWritesTheSameSegmentAndIndex() throws IOException {
    try (SegmentLog log = open()) {
      log.append(RECORDS, 160, START_MS);
      log.maintain(160, START_MS + 20_000); // it is old, so it ends
    }
    Formats.assertUnchanged(SEGMENT, Files.readAllBytes(segment()));
    Formats.assertUnchanged(INDEX, Files.readAllBytes(Segment.index(segment())));
  }

  @Test
  void thisVersionWritesTheSameRestartFile() throws IOException {
    Path path = folder.resolve("restart");
    RestartFile.write(path, NOW, new EventId(START_MS, 9), List.of(POSITION), List.of(KEPT));
    Formats.assertUnchanged(RESTART, Files.readAllBytes(path));
  }

  static List<String> segments() throws IOException {
    return Formats.versions(SEGMENT);
  }

  static List<String> restarts() throws IOException {
    return Formats.versions(RESTART);
  }

  @ParameterizedTest
  @MethodSource("segments")
  void everyRecordIsReadWithTheIndexAndWithout(String version) throws IOException {
    for (boolean hasIndex : new boolean[] {false, true}) {
      Files.write(segment(), Formats.bytes(version, SEGMENT));
      if (hasIndex) {
        Files.write(Segment.index(segment()), Formats.bytes(version, INDEX));
      }
      try (SegmentLog log = open()) {
        assertThat(log.damages()).isEmpty();
        assertThat(all(log)).isEqualTo(RECORDS);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("restarts")
  void everythingInARestartFileIsRead(String version) throws IOException {
    Path path = Files.write(folder.resolve("restart"), Formats.bytes(version, RESTART));
    RestartFileTest.Found found = new RestartFileTest.Found();
    RestartFile.checkFormat(path);
    RestartFile.read(path, NOW, found);
    assertThat(found.all).containsExactly(new EventId(START_MS, 9), POSITION, KEPT);
  }

  private static byte[] newer(String name) throws IOException {
    byte[] bytes = Formats.bytes(Formats.versions(name).getLast(), name);
    bytes[VERSION_AT]++;
    return bytes;
  }

  @Test
  void aNewerSegmentIsRefusedAndNotChanged() throws IOException {
    byte[] newer = newer(SEGMENT);
    int crcAt = SegmentFile.HEADER_BYTES - Integer.BYTES;
    ByteBuffer header = ByteBuffer.wrap(newer);
    header.putInt(crcAt, RecordCodec.crc(header.slice(0, crcAt)));
    Files.write(segment(), newer);
    assertThatThrownBy(this::open)
        .isInstanceOf(NewerFormat.class)
        .hasMessage(
            segment()
                + " was written by a newer version of Fanfare"
                + " (format 2; this one reads formats up to 1)");
    assertThat(segment()).hasBinaryContent(newer);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(segment());
    }
  }

  @Test
  void aNewerRestartFileIsRefusedAndNotChanged() throws IOException {
    byte[] newer = newer(RESTART);
    Path path = Files.write(folder.resolve("restart"), newer);
    assertThatThrownBy(() -> RestartFile.checkFormat(path))
        .isInstanceOf(NewerFormat.class)
        .hasMessageStartingWith(path + " was written by a newer version of Fanfare (format 2;");
    assertThat(path).hasBinaryContent(newer);
  }
}
