package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three processes on Redis, one of which is killed, or stopped for longer than the lease and
/// continued: every client of the others sees each of its members leave once, and come back once.
///
/// `-Dfanfare.stopped.seconds=60` stops it for a minute.
@Tag("one-node")
final class NodeLossTest {

  private static final App APP = TestNode.APP;
  private static final String ROOM = "presence-room";
  private static final int LEASE_SECONDS = 2;
  private static final int STOPPED_SECONDS = Integer.getInteger("fanfare.stopped.seconds", 0);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> LOST = List.of("l0", "l1", "l2", "l3", "l4");
  private static final Pattern NOTICE =
      Pattern.compile(
          "pusher_internal:member_(added|removed)\".*?\\\\\"user_id\\\\\":\\\\\"(\\w+)");

  @TempDir private Path folder;

  private RedisNodes nodes;
  private final List<RunningServer> running = new ArrayList<>();
  private final List<RawSocket> sockets = new ArrayList<>();
  private final List<RawSocket> survivors = new ArrayList<>();

  /// Members `s0` and `s1` on the first node, `s2` and `s3` on the second, the others on the third.
  /// Each has seen all that joined after it.
  @BeforeEach
  void start() throws IOException {
    nodes =
        RedisNodes.start(
            folder,
            3,
            APP,
            Map.of("FANFARE_CLUSTER_LEASE_SECONDS", Integer.toString(LEASE_SECONDS)));
    for (int i = 0; i < 3; i++) {
      running.add(nodes.node(i));
    }
    for (int i = 0; i < 4; i++) {
      survivors.add(member(i / 2, "s" + i));
    }
    for (String user : LOST) {
      var _ = member(2, user);
    }
    for (int i = 0; i < 4; i++) {
      int later = 3 - i + LOST.size();
      assertThat(next(survivors.get(i), later)).allMatch(notice -> notice.startsWith("added "));
    }
  }

  @AfterEach
  void stop() throws IOException {
    for (RawSocket socket : sockets) {
      socket.close();
    }
    nodes.close();
  }

  private RawSocket member(int node, String user) throws IOException {
    RawSocket socket = ServerProcess.connect(nodes.node(node).port(), APP.key());
    sockets.add(socket);
    socket.patience(PATIENCE);
    socket.subscribePresence(APP, ROOM, "{\"user_id\":\"" + user + "\"}");
    String _ = socket.nextTextContaining("subscription_succeeded");
    // A member who joins later is announced to this one, not part of its first list.
    for (RunningServer each : running) {
      await().atMost(PATIENCE).until(() -> users(each).contains(user));
    }
    return socket;
  }

  /// The next notices about members, as `added anna`, sorted.
  private static List<String> next(RawSocket socket, int count) throws IOException {
    List<String> notices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Matcher matcher = NOTICE.matcher(socket.nextTextContaining("pusher_internal:member_"));
      assertThat(matcher.find()).isTrue();
      notices.add(matcher.group(1) + " " + matcher.group(2));
    }
    return notices.stream().sorted().toList();
  }

  private static Set<String> users(RunningServer server) throws IOException {
    try (Api api = new Api(server.port(), APP)) {
      String body = api.get("/channels/" + ROOM + "/users", "").body();
      Set<String> users = new TreeSet<>();
      Matcher matcher = Pattern.compile("\"id\":\"(\\w+)\"").matcher(body);
      while (matcher.find()) {
        users.add(matcher.group(1));
      }
      return users;
    }
  }

  private static List<String> each(String what, List<String> users) {
    return users.stream().map(user -> what + " " + user).toList();
  }

  /// The next notice of each survivor is about a member who joins now: none has come twice.
  private void seesNothingElse(String user) throws IOException {
    try (RawSocket _ = member(0, user)) {
      for (RawSocket survivor : survivors) {
        assertThat(next(survivor, 1)).containsExactly("added " + user);
      }
    }
    for (RawSocket survivor : survivors) {
      assertThat(next(survivor, 1)).containsExactly("removed " + user);
    }
  }

  @Test
  void theMembersOfAKilledNodeLeaveOnce() throws IOException {
    nodes.signal(2, "KILL");
    running.removeLast();
    for (RawSocket survivor : survivors) {
      assertThat(next(survivor, LOST.size())).isEqualTo(each("removed", LOST));
    }
    for (RunningServer each : running) {
      assertThat(users(each)).containsExactly("s0", "s1", "s2", "s3");
    }
    seesNothingElse("x");
  }

  @Test
  void theMembersOfAStoppedNodeLeaveOnceAndComeBackOnce() throws IOException {
    nodes.signal(2, "STOP");
    long stoppedNs = System.nanoTime();
    for (RawSocket survivor : survivors) {
      assertThat(next(survivor, LOST.size())).isEqualTo(each("removed", LOST));
    }
    long leftNs = TimeUnit.SECONDS.toNanos(STOPPED_SECONDS) - (System.nanoTime() - stoppedNs);
    if (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
    }
    nodes.signal(2, "CONT");
    for (RawSocket survivor : survivors) {
      assertThat(next(survivor, LOST.size())).isEqualTo(each("added", LOST));
    }
    nodes.awaitJoined();
    for (RunningServer each : running) {
      assertThat(users(each)).contains("s0", "s1", "s2", "s3").containsAll(LOST);
    }
    seesNothingElse("x");
  }
}
