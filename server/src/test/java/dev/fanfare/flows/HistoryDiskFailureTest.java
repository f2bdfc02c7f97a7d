package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.HistoryOptions.DiskFailure;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What publishers and operators get while history cannot be written, or not fast enough.
@Tag("one-node")
final class HistoryDiskFailureTest {

  private static final long PATIENCE_SECONDS = 60;
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int EVENT_BYTES = 1_000_000;

  /// So many large events that some do not fit into the queue, whatever the writer has taken.
  private static final int MOST = 24;

  private static final App APP =
      PlainApp.APP
          .withLimits(PlainApp.APP.limits().withMaxEventBytes(EVENT_BYTES))
          .withHistory(
              List.of(
                  HistoryRule.DEFAULTS
                      .withChannels(ChannelFilter.ALL.withPrefix("disk-"))
                      .withStore(Store.DISK)
                      .withKeepBytes(1 << 28),
                  HistoryRule.DEFAULTS.withChannels(ChannelFilter.ALL.withPrefix("feed-"))));

  @TempDir private Path folder;

  private TestNode start(DiskFailure onFailure, InstantSource wall, App app) {
    return TestNode.start(
        TestNode.PARTS.withHistory(
            HistoryOptions.DEFAULTS.withDataDir(folder.toString()).withOnDiskFailure(onFailure)),
        new FanfareServer.Clocks(NanoClock.SYSTEM, wall),
        ServerListener.NONE,
        app);
  }

  private static HttpResponse<String> publish(Api api, String channel, String data) {
    try {
      return api.post(
          "/events",
          "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(channel, data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The thread that writes history asks for the time before each write: here it waits meanwhile.
  @Test
  void aQueueThatIsFullIsAnswered503ToThosePublishersOnly() throws Exception {
    CountDownLatch isOver = new CountDownLatch(1);
    CountDownLatch isHeld = new CountDownLatch(1);
    InstantSource real = InstantSource.system();
    InstantSource holding =
        () -> {
          if (Thread.currentThread().getName().equals("fanfare-history")) {
            isHeld.countDown();
            awaitQuietly(isOver);
          }
          return real.instant();
        };
    try (TestNode node = start(DiskFailure.ACCEPT, holding, APP);
        Api api = new Api(node);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(isHeld.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      String data = "x".repeat(EVENT_BYTES);
      for (int i = 0; i < MOST; i++) {
        answers.add(CompletableFuture.supplyAsync(() -> publish(api, "disk-a", data), threads));
      }
      HttpResponse<?> first =
          (HttpResponse<?>)
              CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new))
                  .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(first.statusCode()).isEqualTo(503);
      assertThat(first.headers().firstValue("Retry-After")).contains("1");
      assertThat((String) first.body())
          .contains("events that wait to be written to the disk take")
          .contains("the limit is 8388608");
      assertThat(publish(api, "feed-a", "1").statusCode()).isEqualTo(200);
      assertThat(publish(api, "other", "1").statusCode()).isEqualTo(200);
      isOver.countDown();
      int accepted = 0;
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        int status = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS).statusCode();
        assertThat(status).isIn(200, 503);
        accepted += status == 200 ? 1 : 0;
      }
      assertThat(accepted).isBetween(9, MOST - 1);
      assertThat(publish(api, "disk-a", "1").statusCode()).isEqualTo(200);
      String page = api.get("/channels/disk-a/events", "limit=1").body();
      assertThat(page).contains("\"data\":\"1\"");
    } finally {
      isOver.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      var _ = latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String ready(TestNode node) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      RawHttp.Answer answer = http.send(RawHttp.request("GET", "/ready", "")).next();
      return answer.status() + " " + answer.body();
    }
  }

  /// On a busy machine the node may be unready for a moment, since its lanes are late.
  private static void awaitReady(TestNode node, String text) throws IOException {
    long deadlineNs = NanoClock.SYSTEM.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String found = ready(node);
    while (!found.equals("200 " + text) && NanoClock.SYSTEM.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(POLL_NS);
      found = ready(node);
    }
    assertThat(found).isEqualTo("200 " + text);
  }

  /// A server whose folder cannot be used once a reload brings a rule that needs it.
  private TestNode failing(DiskFailure onFailure) throws IOException {
    Files.createFile(folder.resolve("history"));
    TestNode node = start(onFailure, InstantSource.system(), PlainApp.APP);
    node.server().reload(List.of(APP));
    return node;
  }

  @Test
  void whileTheDiskFailsEventsAreAcceptedAndReadySaysSo() throws IOException {
    try (TestNode node = failing(DiskFailure.ACCEPT);
        Api api = new Api(node);
        RawSocket socket = node.connect()) {
      socket.subscribe("disk-a");
      assertThat(socket.nextText()).contains("subscription_succeeded");
      assertThat(publish(api, "disk-a", "1").statusCode()).isEqualTo(200);
      assertThat(socket.nextText()).contains("\"data\":\"1\"");
      awaitReady(
          node, "OK\ndegraded: the disk fails for history, so new events are kept in memory only");
      assertThat(publish(api, "disk-a", "2").statusCode()).isEqualTo(200);
      assertThat(socket.nextText()).contains("\"data\":\"2\"");
      Files.delete(folder.resolve("history"));
      awaitReady(node, "OK");
      assertThat(api.get("/channels/disk-a/events", "").body())
          .contains("\"data\":\"1\"", "\"data\":\"2\"");
    }
  }

  @Test
  void publishersAreRefusedWhileTheDiskFailsIfTheyWantThat() throws IOException {
    try (TestNode node = failing(DiskFailure.REFUSE);
        Api api = new Api(node)) {
      HttpResponse<String> answer = publish(api, "disk-a", "1");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("10");
      assertThat(answer.body())
          .contains("History cannot be written to the disk, and history_on_disk_failure is refuse");
      awaitReady(
          node,
          "OK\ndegraded: the disk fails for history, so new events that must be written are"
              + " refused");
      assertThat(publish(api, "disk-a", "2").statusCode()).isEqualTo(503);
      assertThat(publish(api, "feed-a", "1").statusCode()).isEqualTo(200);
      assertThat(publish(api, "other", "1").statusCode()).isEqualTo(200);
      Files.delete(folder.resolve("history"));
      awaitReady(node, "OK");
      assertThat(publish(api, "disk-a", "3").statusCode()).isEqualTo(200);
      assertThat(api.get("/channels/disk-a/events", "").body()).contains("\"data\":\"3\"");
    }
  }

  /// Whether its first request failed before its event was published or after that.
  @Test
  void aPublisherThatRepeatsItsRequestWithAKeyPublishesOnce() throws IOException {
    try (TestNode node = failing(DiskFailure.REFUSE);
        Api api = new Api(node)) {
      String event =
          "{\"name\":\"e\",\"channel\":\"disk-a\",\"data\":\"1\",\"idempotency_key\":\"k\"}";
      assertThat(api.post("/events", event).statusCode()).isEqualTo(503);
      assertThat(api.post("/events", event).statusCode()).isEqualTo(503);
      Files.delete(folder.resolve("history"));
      awaitReady(node, "OK");
      assertThat(api.post("/events", event).statusCode()).isEqualTo(200);
      assertThat(api.post("/events", event).headers().firstValue("X-Fanfare-Duplicate"))
          .contains("true");
      assertThat(api.get("/channels/disk-a/events", "").body()).containsOnlyOnce("\"data\":\"1\"");
    }
  }
}
