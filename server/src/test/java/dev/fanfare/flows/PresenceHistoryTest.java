package dev.fanfare.flows;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.flows.PresenceHistory.Seen;
import dev.fanfare.flows.PresenceHistory.Stay;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Users join and leave with several connections to three nodes, and a client of each node observes
/// them; in the end one node is cut off. What each client was told about each user must be
/// explained by what has happened.
@Tag("one-node")
final class PresenceHistoryTest {

  private static final App APP = TestNode.APP;
  private static final String ROOM = "presence-room";
  private static final int NODES = 3;
  private static final int USERS = 4;
  private static final int STAYS = 8;
  private static final long STALE_NS = TimeUnit.SECONDS.toNanos(10);

  /// The lease, which is longer if the processes are late, as on a busy machine.
  private static final long LOST_NS = TimeUnit.SECONDS.toNanos(45);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern NOTICE =
      Pattern.compile("member_(added|removed)\".*?\\\\\"user_id\\\\\":\\\\\"(u\\d+)");

  private final Map<String, List<Stay>> stays = new ConcurrentHashMap<>();

  /// One client of a node, which reads until it is closed.
  private static final class Observer implements AutoCloseable {

    private final RawSocket socket;
    private final Map<String, List<Seen>> seen = new ConcurrentHashMap<>();
    private final Thread reader;

    Observer(TestNode node, String user) throws IOException {
      socket = node.connect();
      socket.patience(PATIENCE);
      socket.subscribePresence(APP, ROOM, "{\"user_id\":\"" + user + "\"}");
      String _ = socket.nextTextContaining("subscription_succeeded");
      long nowNs = System.nanoTime();
      for (int i = 0; i < USERS; i++) {
        seen.put("u" + i, new CopyOnWriteArrayList<>(List.of(new Seen(nowNs, false))));
      }
      reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try {
        while (true) {
          Matcher matcher = NOTICE.matcher(socket.nextTextContaining("member_"));
          if (matcher.find()) {
            Seen notice = new Seen(System.nanoTime(), matcher.group(1).equals("added"));
            requireNonNull(seen.get(matcher.group(2))).add(notice);
          }
        }
      } catch (IOException _) {
        // closed
      }
    }

    List<Seen> seen(String user) {
      return List.copyOf(requireNonNull(seen.get(user)));
    }

    boolean seesUsers() {
      return seen.values().stream().anyMatch(notices -> notices.getLast().isPresent());
    }

    @Override
    public void close() throws IOException {
      socket.close();
      try {
        reader.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void whatClientsLearnIsExplained() throws Exception {
    try (TestCluster cluster = TestCluster.start(NODES, APP);
        Observer first = new Observer(cluster.node(0), "o0");
        Observer second = new Observer(cluster.node(1), "o1");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> visits = new ArrayList<>();
      List<RawSocket> open = new CopyOnWriteArrayList<>();
      for (int user = 0; user < USERS; user++) {
        for (int node = 0; node < NODES; node++) {
          String name = "u" + user;
          TestNode there = cluster.node(node);
          Random random = new Random(user * NODES + node);
          boolean staysAtLast = node == NODES - 1;
          visits.add(
              threads.submit(() -> {
                visit(there, name, random, staysAtLast, open);
                return null;
              }));
        }
      }
      join(visits);
      long cutNs = System.nanoTime();
      cluster.cut(NODES - 1);
      long lostNs = cutNs + LOST_NS;
      stays
          .values()
          .forEach(list ->
              list.replaceAll(stay ->
                  stay.leaveToNs() == Long.MAX_VALUE
                      ? new Stay(stay.joinFromNs(), stay.joinToNs(), cutNs, lostNs)
                      : stay));
      for (Observer observer : List.of(first, second)) {
        await().atMost(PATIENCE).until(() -> !observer.seesUsers());
      }
      long endNs = System.nanoTime();
      for (Observer observer : List.of(first, second)) {
        check(observer, endNs);
      }
      for (RawSocket socket : open) {
        socket.close();
      }
    }
  }

  private void check(Observer observer, long endNs) {
    for (var entry : stays.entrySet()) {
      List<Seen> seen = observer.seen(entry.getKey());
      PresenceHistory history = new PresenceHistory(entry.getValue());
      assertThat(history.problem(seen, endNs, STALE_NS)).as("%s: %s", entry, seen).isNull();
      assertThat(seen.size()).as("the list and notices of joins and leaves").isGreaterThan(2);
      List<Seen> without = new ArrayList<>(seen);
      without.removeLast();
      assertThat(history.problem(without, endNs + LOST_NS + 2 * STALE_NS, STALE_NS))
          .as("without the last notice")
          .isNotNull();
      List<Seen> twice = new ArrayList<>(seen);
      twice.add(seen.getLast());
      assertThat(history.problem(twice, endNs, STALE_NS)).as("with a notice twice").isNotNull();
    }
  }

  private static void join(List<Future<?>> visits) throws Exception {
    for (Future<?> visit : visits) {
      try {
        Object _ = visit.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// Joins and leaves several times, with one connection.
  private void visit(
      TestNode node, String user, Random random, boolean staysAtLast, List<RawSocket> open)
      throws IOException {
    RawSocket socket = node.connect();
    open.add(socket);
    socket.patience(PATIENCE);
    List<Stay> all = stays.computeIfAbsent(user, _ -> new CopyOnWriteArrayList<>());
    for (int i = 0; i < STAYS; i++) {
      long joinFromNs = System.nanoTime();
      socket.subscribePresence(APP, ROOM, "{\"user_id\":\"" + user + "\"}");
      String _ = socket.nextTextContaining("subscription_succeeded");
      long joinToNs = System.nanoTime();
      for (int pings = random.nextInt(4); pings > 0; pings--) {
        roundTrip(socket);
      }
      if (staysAtLast && i == STAYS - 1) {
        all.add(new Stay(joinFromNs, joinToNs, Long.MAX_VALUE, Long.MAX_VALUE));
        return;
      }
      long leaveFromNs = System.nanoTime();
      socket.unsubscribe(ROOM);
      roundTrip(socket);
      all.add(new Stay(joinFromNs, joinToNs, leaveFromNs, System.nanoTime()));
    }
  }

  private static void roundTrip(RawSocket socket) throws IOException {
    socket.sendFrame(RawSocket.PING, true, new byte[] {1});
    while (socket.nextFrame().opcode() != RawSocket.PONG) {
      // notices about others
    }
  }

  private static final long S = TimeUnit.SECONDS.toNanos(1);

  private static Stay stay(int joined, int left) {
    return new Stay(joined * S, joined * S + 1, left * S, left * S + 1);
  }

  /// In seconds: absent at 0, then alternately present and absent.
  private static List<Seen> seen(double... notices) {
    List<Seen> seen = new ArrayList<>(List.of(new Seen(0, false)));
    for (double notice : notices) {
      seen.add(new Seen((long) (notice * S), !seen.getLast().isPresent()));
    }
    return seen;
  }

  @Test
  void rightHistoriesAreExplained() {
    PresenceHistory once = new PresenceHistory(List.of(stay(10, 20)));
    assertThat(once.problem(seen(10.5, 20.5), 100 * S, S)).isNull();
    PresenceHistory twoTabs = new PresenceHistory(List.of(stay(10, 20), stay(15, 30)));
    assertThat(twoTabs.problem(seen(10.5, 30.5), 100 * S, S)).isNull();
    PresenceHistory moved = new PresenceHistory(List.of(stay(10, 20), stay(20, 30)));
    assertThat(moved.problem(seen(10.5, 30.5), 100 * S, S)).as("the join first").isNull();
    assertThat(moved.problem(seen(10.5, 20.1, 20.4, 30.5), 100 * S, S))
        .as("the leave first")
        .isNull();
    PresenceHistory brief = new PresenceHistory(List.of(stay(10, 11), stay(12, 13)));
    assertThat(brief.problem(seen(), 100 * S, 5 * S)).as("too short to be announced").isNull();
  }

  @Test
  void wrongHistoriesAreNot() {
    PresenceHistory once = new PresenceHistory(List.of(stay(10, 20)));
    assertThat(once.problem(seen(), 100 * S, S)).as("never announced").isNotNull();
    assertThat(once.problem(seen(10.5), 100 * S, S)).as("a ghost").isNotNull();
    assertThat(once.problem(seen(12, 20.5), 100 * S, S)).as("announced late").isNotNull();
    assertThat(once.problem(seen(10.5, 23), 100 * S, S)).as("removed late").isNotNull();
    assertThat(once.problem(seen(9, 20.5), 100 * S, S)).as("before it has joined").isNotNull();
    assertThat(once.problem(seen(10.5, 15, 15.5, 20.5), 100 * S, S)).as("flaps").isNotNull();
    assertThat(once.problem(seen(10.5, 20.5, 20.6, 20.7), 100 * S, S))
        .as("comes back although its only stay is over")
        .isNotNull();
    List<Seen> twice = List.of(new Seen(0, false), new Seen(11 * S, true), new Seen(12 * S, true));
    assertThat(once.problem(twice, 100 * S, 90 * S)).as("added twice").isNotNull();
    PresenceHistory twoTabs = new PresenceHistory(List.of(stay(10, 20), stay(15, 30)));
    assertThat(twoTabs.problem(seen(10.5, 20.5), 100 * S, S)).as("one tab remains").isNotNull();
  }
}
