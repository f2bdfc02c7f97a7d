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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written comes back on another monotonic clock, and a file that was cut or changed at any
/// byte is not used at all.
final class RestartFileTest {

  private static final long START_MS = 1_764_270_000_000L;
  private static final long MS = 1_000_000;
  private static final Moment WRITTEN = new Moment(START_MS, 77 * MS);

  /// Ten seconds later, in a process that has another monotonic clock.
  private static final Moment READ = new Moment(START_MS + 10_000, 5 * MS);

  @TempDir private Path folder;

  /// Collects everything.
  static final class Found implements RestartFile.Visitor {
    final List<Object> all = new ArrayList<>();

    @Override
    public void ids(EventId reserved) {
      all.add(reserved);
    }

    @Override
    public void position(Inherited.Position position) {
      all.add(position);
    }

    @Override
    public void channel(Inherited.Channel channel) {
      all.add(channel);
    }
  }

  private static ChannelName name(String channel) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, 200)).value();
  }

  private static StoredEvent event(Random random, String channel, int number, Moment now) {
    Publication publication =
        PublicationBuilder.builder()
            .channel(name(channel))
            .event("e" + random.nextInt(3))
            .data(random.nextBoolean() ? "\u20ac\ud800" : "x".repeat(random.nextInt(300)))
            .userId(random.nextBoolean() ? null : "user")
            .exceptSocketId(random.nextBoolean() ? null : "1.2")
            .origin(random.nextBoolean() ? Origin.CLIENT : Origin.HTTP)
            .keepSeconds(random.nextInt(3))
            .build();
    long ms = START_MS - 1_000 + number;
    long keptAtNs = now.ns() - (now.ms() - ms) * MS;
    return new StoredEvent(
        new EventId(ms, number), publication, 0, keptAtNs, number % 2 == 0, "_id");
  }

  private static Inherited.Channel channel(long seed, int number, Moment now) {
    Random random = new Random(seed + number);
    String name = "private-" + number;
    List<StoredEvent> events = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      events.addFirst(event(random, name, i, now));
    }
    return new Inherited.Channel(
        new ChannelKey("app", name),
        events,
        new EventId(START_MS, number),
        new EventId(START_MS - 5_000, 1),
        random.nextBoolean());
  }

  private static Inherited.Position position(long seed, int number, Moment now) {
    Random random = new Random(seed - number);
    Identity.Kind[] kinds = Identity.Kind.values();
    Identity identity = new Identity(kinds[random.nextInt(kinds.length)], "name-" + number);
    long untilNs = now.ns() + (START_MS + 60_000 + number - now.ms()) * MS;
    List<String> sockets = List.of("1." + number, "2.3").subList(0, 1 + random.nextInt(2));
    return new Inherited.Position(
        new ChannelKey("app", "private-" + random.nextInt(4)),
        new EventId(random.nextInt(3), 0),
        identity,
        random.nextBoolean(),
        new Inherited.Place(new EventId(START_MS - number, 3), sockets, untilNs));
  }

  private static List<Object> contents(long seed, int size, Moment now) {
    List<Object> all = new ArrayList<>();
    all.add(new EventId(START_MS, seed));
    for (int i = 0; i < size; i++) {
      all.add(position(seed, i, now));
    }
    for (int i = 0; i < size; i++) {
      all.add(channel(seed, i, now));
    }
    return all;
  }

  private Path write(long seed, int size) throws IOException {
    Path path = folder.resolve("restart");
    List<Object> all = contents(seed, size, WRITTEN);
    RestartFile.write(
        path,
        WRITTEN,
        (EventId) all.getFirst(),
        all.stream()
            .filter(each -> each instanceof Inherited.Position)
            .map(Inherited.Position.class::cast)
            .toList(),
        all.stream()
            .filter(each -> each instanceof Inherited.Channel)
            .map(Inherited.Channel.class::cast)
            .toList());
    return path;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsWrittenComesBack(long seed) throws IOException {
    Path path = write(seed, 20);
    Found found = new Found();
    RestartFile.read(path, READ, found);
    assertThat(found.all).isEqualTo(contents(seed, 20, READ));
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void aFileThatWasCutAnywhereIsNotUsed() throws IOException {
    byte[] whole = Files.readAllBytes(write(1, 3));
    for (int length = 0; length < whole.length; length++) {
      isRefused(Arrays.copyOf(whole, length));
    }
    isRefused(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void aFileThatWasChangedAnywhereIsNotUsed() throws IOException {
    byte[] whole = Files.readAllBytes(write(1, 3));
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      isRefused(changed);
    }
  }

  private static void isRefused(byte[] bytes) {
    Found found = new Found();
    assertThatThrownBy(
            () -> RestartFile.read(() -> new java.io.ByteArrayInputStream(bytes), READ, found))
        .isInstanceOf(DamagedRestartFile.class);
    assertThat(found.all).isEmpty();
  }

  @Test
  void timesAreNeitherInTheFutureNorEndless() {
    assertThat(READ.since(START_MS + 20_000)).isEqualTo(READ.ns());
    assertThat(READ.since(Long.MIN_VALUE / 2)).isLessThan(READ.ns());
    assertThat(READ.until(START_MS)).isEqualTo(READ.ns());
    assertThat(READ.until(Long.MAX_VALUE)).isEqualTo(READ.ns() + 86_400_000 * MS);
  }
}
