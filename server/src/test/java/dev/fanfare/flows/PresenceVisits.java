package dev.fanfare.flows;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.flows.PresenceHistory.Seen;
import dev.fanfare.flows.PresenceHistory.Stay;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
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
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Users who join and leave a presence channel with a connection to each of several nodes, and
/// clients that observe them. What each client is sent about each user must be explained by what
/// has happened.
final class PresenceVisits implements AutoCloseable {

  private static final App APP = TestNode.APP;
  private static final String ROOM = "presence-room";
  private static final int USERS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern NOTICE =
      Pattern.compile("member_(added|removed)\".*?\\\\\"user_id\\\\\":\\\\\"(u\\d+)");

  private final int nodes;
  private final IntUnaryOperator ports;
  private final List<RawSocket> open = new CopyOnWriteArrayList<>();
  private final List<Observer> observers = new ArrayList<>();
  private int rounds;

  /// @param ports of the nodes
  PresenceVisits(int nodes, IntUnaryOperator ports) {
    this.nodes = nodes;
    this.ports = ports;
  }

  private final Map<String, List<Stay>> stays = new ConcurrentHashMap<>();

  /// One client of a node, which reads until it is closed.
  private static final class Observer implements AutoCloseable {

    private final RawSocket socket;
    private final Map<String, List<Seen>> seen = new ConcurrentHashMap<>();
    private final Thread reader;

    Observer(int port, String user) throws IOException {
      socket = ServerProcess.connect(port, APP.key());
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

  /// Adds a client of a node that observes all users from now on.
  void observe(int node) throws IOException {
    observers.add(new Observer(ports.applyAsInt(node), "o" + node));
  }

  /// All users join and leave so many times at each node, all at once.
  ///
  /// @param lastNodeKeeps true if those of the last node stay after their last join
  void visit(int times, boolean lastNodeKeeps) throws IOException {
    rounds++;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> visits = new ArrayList<>();
      for (int user = 0; user < USERS; user++) {
        for (int node = 0; node < nodes; node++) {
          String name = "u" + user;
          int port = ports.applyAsInt(node);
          Random random = new Random(31L * (31L * rounds + user) + node);
          boolean keeps = lastNodeKeeps && node == nodes - 1;
          visits.add(
              threads.submit(() -> {
                visit(port, name, random, times, keeps);
                return null;
              }));
        }
      }
      for (Future<?> visit : visits) {
        Object _ = visit.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /// The users who stay leave within this time, because their node is lost.
  void lost(long fromNs, long toNs) {
    stays
        .values()
        .forEach(list ->
            list.replaceAll(stay ->
                stay.leaveToNs() == Long.MAX_VALUE
                    ? new Stay(stay.joinFromNs(), stay.joinToNs(), fromNs, toNs)
                    : stay));
  }

  /// Waits until no observer sees a user, and checks what each has seen.
  ///
  /// @param staleNs how late a notice may be
  /// @param lostNs how much later after a loss
  void check(long staleNs, long lostNs) {
    for (Observer observer : observers) {
      await().atMost(PATIENCE).until(() -> !observer.seesUsers());
    }
    long endNs = System.nanoTime();
    observers.forEach(observer -> check(observer, endNs, staleNs, lostNs));
  }

  private void check(Observer observer, long endNs, long staleNs, long lostNs) {
    for (var entry : stays.entrySet()) {
      List<Seen> seen = observer.seen(entry.getKey());
      PresenceHistory history = new PresenceHistory(entry.getValue());
      assertThat(history.problem(seen, endNs, staleNs)).as("%s: %s", entry, seen).isNull();
      assertThat(seen.size()).as("the list and notices of joins and leaves").isGreaterThan(2);
      List<Seen> without = new ArrayList<>(seen);
      without.removeLast();
      assertThat(history.problem(without, endNs + lostNs + 2 * staleNs, staleNs))
          .as("without the last notice")
          .isNotNull();
      List<Seen> twice = new ArrayList<>(seen);
      twice.add(seen.getLast());
      assertThat(history.problem(twice, endNs, staleNs)).as("with a notice twice").isNotNull();
    }
  }

  /// Joins and leaves several times, with one connection.
  private void visit(int port, String user, Random random, int times, boolean staysAtLast)
      throws IOException {
    RawSocket socket = ServerProcess.connect(port, APP.key());
    open.add(socket);
    socket.patience(PATIENCE);
    List<Stay> all = stays.computeIfAbsent(user, _ -> new CopyOnWriteArrayList<>());
    for (int i = 0; i < times; i++) {
      long joinFromNs = System.nanoTime();
      socket.subscribePresence(APP, ROOM, "{\"user_id\":\"" + user + "\"}");
      String _ = socket.nextTextContaining("subscription_succeeded");
      long joinToNs = System.nanoTime();
      for (int pings = random.nextInt(4); pings > 0; pings--) {
        roundTrip(socket);
      }
      if (staysAtLast && i == times - 1) {
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

  @Override
  public void close() throws IOException {
    for (Observer observer : observers) {
      observer.close();
    }
    for (RawSocket socket : open) {
      socket.close();
    }
  }
}
