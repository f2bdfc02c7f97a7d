package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.Formats;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Data directories as released versions left them: a server on a copy delivers the kept events and
/// the undelivered webhooks. One of a newer version stops the start and stays as it is.
@Tag("one-node")
final class KeptDataTest {

  private static final String DATA = "data";

  /// Files beside the data: when it was recorded, and events that a client has not got.
  private static final String TIME = "recorded.txt";

  private static final String MISSED = "missed.txt";

  /// Recorded webhooks belong to this URL. No other program uses the address.
  private static final InetSocketAddress HOOKS = new InetSocketAddress("127.57.13.7", 18713);

  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS.withKeepSeconds(3_600).withResumeSeconds(600);
  private static final List<String> CHANNELS = List.of("disk-a", "feed-a");

  private final ManualClock clock = new ManualClock();

  @TempDir private Path temporary;

  private static App app(Receiver receiver) {
    WebhookEndpoint endpoint =
        WebhookEndpoint.at(receiver.url()).withEvents(Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED));
    return PlainApp.APP
        .withHistory(
            List.of(
                RULE.withChannels(ChannelFilter.ALL.withPrefix("disk-")).withStore(Store.DISK),
                RULE.withChannels(ChannelFilter.ALL.withPrefix("feed-"))))
        .withWebhooks(List.of(endpoint));
  }

  private TestNode start(Path folder, App app, InstantSource wall) throws IOException {
    PartOptions options =
        TestNode.PARTS
            .withHistory(HistoryOptions.DEFAULTS.withDataDir(folder.toString()))
            .withWebhooks(
                WebhookOptions.DEFAULTS.withHoldBackSeconds(0).withDataDir(folder.toString()));
    Outbox outbox = Webhooks.openOutbox(options.webhooks(), Outboxes.memory(), clock, wall);
    return TestNode.start(
        options, new FanfareServer.Clocks(clock, wall), ServerListener.NONE, outbox, app);
  }

  /// A server half a minute after the recording.
  private TestNode startSoonAfter(Path folder, App app) throws IOException {
    Instant now = Instant.parse(Files.readString(folder.resolve(TIME)).strip()).plusSeconds(30);
    return start(folder, app, () -> now);
  }

  /// Leaves a data directory with events that a client has not got, on the disk and in memory, and
  /// a webhook that was not delivered.
  private void record(Path folder) throws IOException {
    List<String> missed = new ArrayList<>();
    try (Receiver receiver = new Receiver(HOOKS).always(Manner.FAILS);
        TestNode node = start(folder, app(receiver), InstantSource.system());
        Api api = new Api(node)) {
      for (String channel : CHANNELS) {
        try (RawSocket phone = RawSocket.established(node.port(), node.app().key() + "/phone")) {
          subscribe(phone, channel);
          KeptEvents.expect(phone, List.of(publish(api, channel, "1")), clock);
          confirm(phone);
        }
        missed.add(publish(api, channel, "2"));
        missed.add(publish(api, channel, "3"));
      }
      assertThat(receiver.next().events()).contains("channel_occupied disk-a");
    }
    Files.writeString(folder.resolve(TIME), Instant.now() + "\n");
    Files.writeString(folder.resolve(MISSED), String.join("\n", missed) + "\n");
  }

  private static String publish(Api api, String channel, String data) throws IOException {
    return event(channel, data, KeptEvents.publish(api, channel, data, ""));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private Path copied(String version) throws IOException {
    Path folder = temporary.resolve(version);
    copy(Formats.path(version, DATA), folder);
    return folder;
  }

  static List<String> versions() throws IOException {
    return Formats.versions(DATA);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void keptEventsAndUndeliveredWebhooksAreDelivered(String version) throws IOException {
    Path folder = copied(version);
    List<String> missed = Files.readAllLines(folder.resolve(MISSED));
    try (Receiver receiver = new Receiver(HOOKS);
        TestNode node = startSoonAfter(folder, app(receiver))) {
      assertThat(receiver.next().events()).contains("channel_occupied disk-a");
      for (String channel : CHANNELS) {
        try (RawSocket phone = RawSocket.established(node.port(), node.app().key() + "/phone")) {
          subscribe(phone, channel);
          List<String> expected =
              missed.stream().filter(each -> each.contains("\"" + channel + "\"")).toList();
          assertThat(expected).hasSize(2);
          KeptEvents.expect(phone, expected, clock);
        }
      }
    }
  }

  /// If this fails, a format has changed: docs/versions.md says what to do.
  @Test
  void thisVersionWritesTheFormatsThatWereRecordedLast() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("now"));
    record(folder);
    String version = Formats.recorded();
    if (version != null) {
      copy(folder, Formats.path(version, DATA));
    }
    assertThat(formats(folder)).isEqualTo(formats(copied(versions().getLast())));
  }

  /// Each kind of file with the first bytes of its content, which have the version of its format.
  private static Set<String> formats(Path folder) throws IOException {
    Set<String> formats = new TreeSet<>();
    try (Stream<Path> all = Files.walk(folder.resolve("history"))) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        String begin = bytes.length < Long.BYTES ? "" : new BigInteger(1, bytes, 0, 8).toString(16);
        formats.add(path.getFileName() + " " + begin);
      }
    }
    try (MVStore store = new MVStore.Builder().fileName(outbox(folder)).open()) {
      formats.add(
          "outbox " + numbers(store).get("format") + " " + new TreeSet<>(store.getMapNames()));
    }
    return formats;
  }

  private static String outbox(Path folder) {
    return folder.resolve("outbox.mv").toString();
  }

  private static MVMap<String, Long> numbers(MVStore store) {
    return store.openMap(
        "numbers",
        new MVMap.Builder<String, Long>()
            .keyType(StringDataType.INSTANCE)
            .valueType(LongDataType.INSTANCE));
  }

  private void assertRefused(Path folder, Path file, String problem) throws IOException {
    byte[] before = Files.readAllBytes(file);
    try (Receiver receiver = new Receiver()) {
      App app = app(receiver);
      assertThatThrownBy(() -> startSoonAfter(folder, app))
          .satisfies(failure ->
              assertThat(failure).isInstanceOfAny(IOException.class, UncheckedIOException.class))
          .hasMessageContaining(file.toString())
          .hasMessageContaining(problem);
    }
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void anOutboxOfANewerVersionStopsTheStart() throws IOException {
    Path folder = copied(versions().getLast());
    try (MVStore store = new MVStore.Builder().fileName(outbox(folder)).open()) {
      MVMap<String, Long> numbers = numbers(store);
      numbers.put("format", numbers.getOrDefault("format", 0L) + 1);
      store.commit();
    }
    assertRefused(
        folder,
        Path.of(outbox(folder)),
        "a newer version of Fanfare (format 3; this one reads up to 2)");
  }

  @Test
  void historyOfANewerVersionStopsTheStart() throws IOException {
    for (String suffix : List.of(".segment", "restart")) {
      Path folder = copied(versions().getLast());
      Path file;
      try (Stream<Path> all = Files.walk(folder.resolve("history"))) {
        file = all.filter(path -> path.toString().endsWith(suffix)).findFirst().orElseThrow();
      }
      byte[] bytes = Files.readAllBytes(file);
      bytes[Long.BYTES - 1]++;
      if (suffix.equals(".segment")) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 2 * Long.BYTES);
        ByteBuffer.wrap(bytes).putInt(2 * Long.BYTES, (int) crc.getValue());
      }
      Files.write(file, bytes);
      assertRefused(
          folder, file, "a newer version of Fanfare (format 2; this one reads formats up to 1)");
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }
}
