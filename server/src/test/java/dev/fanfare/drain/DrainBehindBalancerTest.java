package dev.fanfare.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes behind HAProxy, one of which is stopped while events are published: its clients miss
/// only what is published while they reconnect.
///
/// `-Dfanfare.drain.clients=500` scales it up; the figures are printed in any case.
final class DrainBehindBalancerTest {

  private static final String CHANNEL = "private-news";
  private static final String EVENT = "tick";
  private static final App APP = TestNode.APP;
  private static final int CLIENTS = Integer.getInteger("fanfare.drain.clients", 20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern PORT = Pattern.compile("http://[^:]+:(\\d+)");

  @TempDir private static Path folder;

  /// A node as a separate process.
  private record Running(Process process, int port) implements AutoCloseable {

    static Running start() throws IOException {
      Process process =
          ServerProcess.start(
              5 * (int) PATIENCE.toSeconds(),
              Map.of(
                  "FANFARE_APP_ID", APP.id(),
                  "FANFARE_APP_KEY", APP.key(),
                  "FANFARE_APP_SECRET", APP.secret().reveal(),
                  "FANFARE_DRAIN_CONNECTIONS_PER_SECOND", Integer.toString(CLIENTS),
                  "FANFARE_DRAIN_DELAY_SECONDS", "5"));
      BufferedReader reader = process.inputReader();
      Matcher matcher;
      do {
        matcher = PORT.matcher(String.valueOf(reader.readLine()));
      } while (!matcher.find());
      return new Running(process, Integer.parseInt(matcher.group(1)));
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void clientsOfAStoppingNodeMissOnlyWhatIsPublishedDuringTheReconnect() throws Exception {
    List<Life> js = lives("pusher-js");
    List<Life> java = lives("Java client");
    List<Life> all = new ArrayList<>(js);
    all.addAll(java);
    List<JavaClient> devices = new ArrayList<>();
    try (Running first = Running.start();
        Running second = Running.start();
        Balancer balancer = Balancer.start(folder, first.port(), second.port());
        Api toFirst = new Api(first.port(), APP);
        Api toSecond = new Api(second.port(), APP);
        JavaScriptFleet _ =
            JavaScriptFleet.start(
                APP, balancer.port(), js, CHANNEL, EVENT, folder.resolve("node.txt"));
        Ticker ticker = new Ticker(List.of(toSecond, toFirst), CHANNEL, EVENT)) {
      for (Life life : java) {
        devices.add(new JavaClient(APP, balancer.port(), life).start(CHANNEL, EVENT));
      }
      awaitAll(all, life -> life.subscriptions().size() == 1);
      int moving = subscribers(toFirst);
      assertThat(moving).as("clients of the node that will stop").isBetween(1, 2 * CLIENTS - 1);
      ticker.start();
      awaitAll(all, life -> !life.events().isEmpty());

      Newcomers newcomers = new Newcomers(balancer.port(), APP.key());
      long signalMs = System.currentTimeMillis();
      first.process().destroy(); // SIGTERM
      assertThat(Programs.waitFor(first.process())).isZero();
      long stoppedMs = System.currentTimeMillis();
      assertThat(newcomers.end()).as("newcomers meanwhile").isPositive();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(subscribers(toSecond)).isEqualTo(2 * CLIENTS));
      awaitAll(all, life -> life.moments().getLast().what().equals("event"));
      List<Long> publishedMs = ticker.stop();
      awaitAll(all, life -> life.events().getLast() == publishedMs.size() - 1);

      assertThat(all.stream().filter(life -> !life.gaps().isEmpty()))
          .as("only clients of that node had to move")
          .hasSize(moving);
      all.forEach(life -> missedOnlyWhileItMoved(life, publishedMs, signalMs));
      report("pusher-js", js, publishedMs.size());
      report("Java client", java, publishedMs.size());
      System.out.printf("the node stopped %d ms after the signal%n", stoppedMs - signalMs);
    } finally {
      devices.forEach(JavaClient::close);
    }
  }

  private static List<Life> lives(String kind) {
    return IntStream.range(0, CLIENTS).mapToObj(i -> new Life(kind + " " + i)).toList();
  }

  private static void awaitAll(List<Life> lives, Predicate<Life> condition) {
    for (Life life : lives) {
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .untilAsserted(() -> assertThat(condition.test(life)).as(life.toString()).isTrue());
    }
  }

  /// A node's subscribers of our channel.
  private static int subscribers(Api node) throws IOException {
    String answer = node.get("/channels/" + CHANNEL, "info=subscription_count").body();
    Matcher matcher = Pattern.compile("\"subscription_count\":(\\d+)").matcher(answer);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static void missedOnlyWhileItMoved(Life life, List<Long> publishedMs, long signalMs) {
    assertThat(life.troubles()).as(life.toString()).isEmpty();
    List<Integer> events = life.events();
    assertThat(events).as(life.toString()).isSorted().doesNotHaveDuplicates();
    List<Life.Gap> gaps = life.gaps();
    assertThat(gaps.size()).as(life.toString()).isLessThanOrEqualTo(1);
    for (int i = 1; i < events.size(); i++) {
      int missed = events.get(i) - events.get(i - 1) - 1;
      if (missed > 0) {
        assertThat(gaps).as("%s missed %s", life, events.get(i) - 1).hasSize(1);
        // The first missed event was sent to its node just before the next one was published.
        assertThat(publishedMs.get(events.get(i - 1) + 2)).isGreaterThanOrEqualTo(signalMs);
        assertThat(publishedMs.get(events.get(i) - 1)).isLessThanOrEqualTo(gaps.getFirst().toMs());
      }
    }
  }

  private static int missed(Life life) {
    List<Integer> events = life.events();
    return events.getLast() - events.getFirst() + 1 - events.size();
  }

  private static void report(String kind, List<Life> lives, int published) {
    List<Life> moved = lives.stream().filter(life -> !life.gaps().isEmpty()).toList();
    assertThat(moved).as("%s: clients that had to move", kind).isNotEmpty();
    List<Long> ms = moved.stream().map(life -> life.gaps().getFirst().lengthMs()).sorted().toList();
    System.out.printf(
        "%s: %d of %d moved, without a subscription for %d ms (median), %d ms (longest); of %d"
            + " events, one every 10 ms, missed at most %d%n",
        kind,
        moved.size(),
        lives.size(),
        ms.isEmpty() ? 0 : ms.get(ms.size() / 2),
        ms.isEmpty() ? 0 : ms.getLast(),
        published,
        moved.stream()
            .map(DrainBehindBalancerTest::missed)
            .max(Comparator.naturalOrder())
            .orElse(0));
  }
}
