package dev.fanfare.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsContract;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.NatsProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events and positions in the JetStream of a real NATS.
final class NatsStreamsTest extends StreamsContract {

  private static final int PATIENCE_SECONDS = 60;
  private static final ChannelKey FEED = new ChannelKey("1", "feed-7");
  private static final Streams.Limits LIMITS = new Streams.Limits(1_000, 60_000, 60_000);

  @TempDir private Path folder;
  private @Nullable NatsProcess nats;

  /// The store is not in the folder of the process, so that it can be started again with it.
  private NatsProcess nats() {
    NatsProcess started = nats;
    if (started == null) {
      try {
        started = NatsProcess.start(folder, "-js", "-sd", folder.resolve("store").toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      nats = started;
    }
    return started;
  }

  @AfterEach
  void stop() {
    if (nats != null) {
      nats.close();
    }
  }

  static NatsStreams streams(String url, String cluster) {
    return new NatsStreams(options(url, cluster));
  }

  static EngineOptions options(String url, String cluster) {
    return switch (EngineUrl.parse(url)) {
      case Parsed.Ok(EngineUrl parsed) ->
          EngineOptions.NONE
              .withKind(EngineOptions.Kind.NATS)
              .withCluster(cluster)
              .withUrls(List.of(parsed));
      case Parsed.Bad(String reason) -> throw new AssertionError(url + reason);
    };
  }

  @Override
  protected Streams streams(String cluster) {
    return streams("nats://127.0.0.1:" + nats().port(), cluster);
  }

  private static CompletionStage<Streams.Appended> append(Streams to, String text) {
    return to.append(FEED, text.getBytes(UTF_8), LIMITS, null);
  }

  /// What was answered is there after `kill -9`, and ids go on.
  @Test
  void aKilledEngineLosesNothingThatWasAnswered() throws Exception {
    Streams a = node("house");
    EventId origin = result(a.origin());
    List<EventId> ids = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ids.add(result(append(a, "e" + i)).id());
    }
    var _ = result(a.seen(FEED, Map.of("d:phone", ids.get(7)), 60_000));
    nats().process().kill();
    nats().process().restart();
    await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isAnswered(a.origin()));
    assertThat(result(a.origin())).isEqualTo(origin);
    Streams.Appended next = result(append(a, "after"));
    assertThat(next.previous()).isEqualTo(ids.getLast());
    List<Streams.Entry> entries = result(a.range(FEED, EventId.NONE, Streams.END, 100, true));
    assertThat(entries.stream().map(Streams.Entry::id))
        .containsExactlyElementsOf(Stream.concat(ids.stream(), Stream.of(next.id())).toList());
    assertThat(result(a.cursors(FEED)))
        .hasEntrySatisfying(
            "d:phone", cursor -> assertThat(cursor.confirmed()).isEqualTo(ids.get(7)));
  }

  private static boolean isAnswered(CompletionStage<?> stage) {
    try {
      var _ = stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void aNatsWithoutJetStreamIsNamed() throws Exception {
    try (NatsProcess plain = NatsProcess.start(folder);
        NatsStreams streams = streams("nats://127.0.0.1:" + plain.port(), "house")) {
      Reasons reasons = new Reasons();
      streams.open(reasons);
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !reasons.all.isEmpty());
      assertThat(reasons.all.getFirst())
          .isEqualTo(
              "the NATS at nats://127.0.0.1:"
                  + plain.port()
                  + " has no JetStream, which history on several nodes needs: start nats-server"
                  + " with -js, or enable JetStream for the account of this user");
      assertThat(streams.append(FEED, new byte[] {1}, LIMITS, null).toCompletableFuture())
          .failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("has no JetStream");
    }
  }

  /// Before the start, only what does not pass by itself is a problem.
  @Test
  void anAccountWithoutJetStreamIsAProblem() throws Exception {
    Path file = folder.resolve("accounts.conf");
    Files.writeString(
        file,
        """
        jetstream: {store_dir: "%s"}
        accounts: {
          NONE: {users: [{user: none, password: x}]}
          SOME: {jetstream: enabled, users: [{user: some, password: x}]}
        }
        """
            .formatted(folder.resolve("accounts")));
    try (NatsProcess accounts = NatsProcess.start(folder, "-c", file.toString())) {
      String place = "@127.0.0.1:" + accounts.port();
      if (NatsStreams.check(options("nats://none:x" + place, "house"))
          instanceof Parsed.Bad(String reason)) {
        assertThat(reason)
            .contains("127.0.0.1:" + accounts.port() + " has no JetStream")
            .doesNotContain(":x@");
      } else {
        throw new AssertionError("an account without JetStream");
      }
      for (String may : List.of("nats://some:x", "nats://some:wrong")) {
        assertThat(NatsStreams.check(options(may + place, "house"))).isInstanceOf(Parsed.Ok.class);
      }
    }
    assertThat(NatsStreams.check(options("nats://127.0.0.1:1", "house")))
        .isInstanceOf(Parsed.Ok.class);
  }

  /// Each outage is reported, also if its reason is that of the one before.
  @Test
  void aSecondOutageIsReported() throws Exception {
    try (Streams streams = streams("house")) {
      Reasons reasons = new Reasons();
      streams.open(reasons);
      for (int outage = 1; outage <= 2; outage++) {
        int number = outage;
        await()
            .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .until(() -> reasons.available.get() == number);
        int before = reasons.all.size();
        nats().process().kill();
        await()
            .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .until(() -> reasons.all.size() > before && reasons.all.get(before).contains("closed"));
        nats().process().restart();
      }
    }
  }

  /// An operator deletes the stream: what was kept is lost, which shows, and everything goes on.
  @Test
  void aDeletedStreamIsMadeAgain() throws Exception {
    Streams a = node("house");
    EventId origin = result(a.origin());
    EventId first = result(append(a, "one")).id();
    String url = "nats://127.0.0.1:" + nats().port();
    Connection admin = Nats.connect(url);
    try {
      assertThat(admin.jetStreamManagement().deleteStream("FANFARE_house")).isTrue();
    } finally {
      admin.close();
    }
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .until(() -> isAnswered(a.origin()) && result(a.origin()).compareTo(origin) > 0);
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .untilAsserted(
            () -> assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 9, true))).isEmpty());
    Streams.Appended next = result(append(a, "two"));
    assertThat(next.previous()).isEqualTo(EventId.NONE);
    assertThat(next.id()).isGreaterThan(first);
  }

  /// An id that is not of this channel, or of no entry, is only a bound.
  @Test
  void anyIdIsABound() throws Exception {
    Streams a = node("house");
    List<EventId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(result(append(a, "e" + i)).id());
      var _ = result(a.append(new ChannelKey("1", "other"), new byte[] {1}, LIMITS, null));
    }
    EventId second = ids.get(1);
    EventId justBelow = new EventId(second.ms(), second.number() - 1);
    EventId before = new EventId(ids.getFirst().ms() - 1_000, 999_999);
    EventId later = new EventId(ids.getLast().ms() + 1_000, 1);
    assertThat(ids(a.range(FEED, justBelow, Streams.END, 9, true))).isEqualTo(ids.subList(1, 5));
    assertThat(ids(a.range(FEED, before, Streams.END, 9, true))).isEqualTo(ids);
    assertThat(ids(a.range(FEED, later, Streams.END, 9, true))).isEmpty();
    assertThat(ids(a.range(FEED, EventId.NONE, later, 9, false))).isEqualTo(ids.reversed());
    assertThat(ids(a.range(FEED, EventId.NONE, before, 9, false))).isEmpty();
    assertThat(ids(a.range(FEED, EventId.NONE, new EventId(second.ms(), second.number()), 9, true)))
        .isEqualTo(ids.subList(0, 2));
  }

  private static List<EventId> ids(CompletionStage<List<Streams.Entry>> stage)
      throws InterruptedException {
    return result(stage).stream().map(Streams.Entry::id).toList();
  }

  /// What a listener is notified of.
  static final class Reasons implements Streams.Listener {
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final AtomicInteger available = new AtomicInteger();

    List<String> all() {
      return all;
    }

    void awaitAvailable() {
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> available.get() > 0);
    }

    String awaitReason() {
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !all.isEmpty());
      return all.getFirst();
    }

    @Override
    public void onAvailable() {
      var _ = available.incrementAndGet();
    }

    @Override
    public void onUnavailable(String reason) {
      all.add(reason);
    }
  }
}
