package dev.fanfare.history.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.MemoryStreams;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Joins and leaves of users of several nodes, on an engine in memory.
final class SharedPresenceTest {

  private static final ChannelKey LOG = new ChannelKey("1", PresenceEvents.log(PresenceNode.ROOM));

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();
  private final Random random = new Random(1);
  private final PresenceNode a = node(1);
  private final PresenceNode b = node(2);

  private PresenceNode node(long life) {
    PresenceNode node = new PresenceNode(engine, life, (_, arguments) -> arguments);
    node.alive.addAll(List.of(1L, 2L));
    return node;
  }

  /// So much time passes, in which nothing fails.
  private void pass(long ms, PresenceNode... nodes) {
    for (long passed = 0; passed < ms; passed += 100) {
      engine.pass(100);
      for (PresenceNode node : nodes) {
        node.run();
        while (node.flaky.hasCalls()) {
          node.flaky.step(random, 0);
        }
      }
    }
  }

  private List<String> rows() {
    return PresenceNode.withUsers(engine.node(), inLog());
  }

  private List<Publication> inLog() {
    return engine
        .node()
        .range(LOG, EventId.NONE, Streams.END, 1_000_000, true)
        .toCompletableFuture()
        .join()
        .stream()
        .map(entry ->
            Objects.requireNonNull(EventCodec.read(PresenceNode.ROOM, entry.payload()).event()))
        .toList();
  }

  @Test
  void eachVisitIsKeptHoweverShort() {
    a.enter("7");
    a.leave("7", "timeout");
    a.enter("8");
    a.enter("7");
    pass(1_000, a);
    assertThat(rows()).containsExactly("joined 7", "left 7 timeout", "joined 8", "joined 7");
    a.leave("8", "terminated");
    pass(1_000, a);
    assertThat(rows().getLast()).isEqualTo("left 8 terminated");
  }

  @Test
  void theLastNodeOfAUserCounts() {
    a.enter("7");
    pass(1_000, a, b);
    b.enter("7");
    pass(1_000, a, b);
    a.leave("7", "closed");
    pass(1_000, a, b);
    assertThat(rows()).containsExactly("joined 7");
    b.leave("7", "timeout");
    pass(1_000, a, b);
    assertThat(rows()).containsExactly("joined 7", "left 7 timeout");
  }

  /// What happens meanwhile is not known in detail.
  @Test
  void anOutageLeavesTheNetResult() {
    a.enter("7");
    a.enter("8");
    pass(1_000, a);
    engine.stop();
    a.leave("7", "closed");
    pass(1_000, a);
    a.enter("7");
    a.leave("8", "timeout");
    a.enter("9");
    a.leave("9", "closed");
    a.enter("10");
    pass(10_000, a);
    assertThat(a.presence.waiting()).isEqualTo(1);
    engine.start(false);
    a.presence.onAvailable();
    pass(3_000, a);
    assertThat(rows()).containsExactly("joined 7", "joined 8", "left 8 closed", "joined 10");
    assertThat(a.presence.waiting()).isZero();
  }

  @Test
  void anEngineThatLosesItsDataGetsToKnowWhoIsThere() {
    a.enter("7");
    pass(1_000, a);
    engine.stop();
    engine.start(true);
    a.presence.onAvailable();
    pass(1_000, a);
    assertThat(rows()).containsExactly("joined 7");
    a.leave("7", "closed");
    pass(1_000, a);
    assertThat(rows()).containsExactly("joined 7", "left 7 closed");
  }

  @Test
  void usersOfALostNodeLeaveOnce() {
    a.enter("7");
    a.enter("8");
    b.enter("8");
    pass(2_000, a, b);
    b.lose(a);
    pass(LostNodes.GRACE_MS - 1_000, b);
    assertThat(rows()).containsExactly("joined 7", "joined 8");
    pass(5_000, b);
    assertThat(rows()).containsExactly("joined 7", "joined 8", "left 7 node_lost");
    pass(60_000, b);
    assertThat(rows()).hasSize(3);
    b.alive.add(1L); // it was there all the time
    a.alive.clear();
    pass(2_000, a, b);
    a.alive.addAll(List.of(1L, 2L));
    pass(2_000, a, b);
    assertThat(rows()).containsExactly("joined 7", "joined 8", "left 7 node_lost", "joined 7");
  }

  /// A node that starts finds what nodes have left that no node knows any more.
  @Test
  void whoComesFirstFindsLostNodes() {
    a.enter("7");
    pass(1_000, a);
    PresenceNode next = node(3);
    next.alive.clear();
    next.alive.add(3L);
    next.enter("8");
    pass(1_000, next);
    assertThat(rows()).containsExactly("joined 7", "joined 8");
    pass(LostNodes.GRACE_MS + 4_000, next);
    assertThat(rows()).containsExactly("joined 7", "joined 8", "left 7 node_lost");
  }

  @Test
  void whoIsThereForLongIsWrittenAgain() {
    a.enter("7");
    pass(1_000, a);
    for (int hour = 0; hour < 60; hour++) {
      engine.pass(3_600_000);
      pass(1_000, a);
    }
    b.enter("7");
    pass(1_000, a, b);
    assertThat(rows()).containsExactly("joined 7");
  }

  @Test
  void manyUsersAreWrittenInParts() {
    engine.stop();
    for (int i = 0; i < 3 * Attendance.MAX_ROWS; i++) {
      a.enter("u" + i);
    }
    pass(1_000, a);
    engine.start(false);
    pass(10_000, a);
    assertThat(rows()).hasSize(3 * Attendance.MAX_ROWS).doesNotHaveDuplicates();
    for (int i = 0; i < 3 * Attendance.MAX_ROWS; i++) {
      a.leave("u" + i, "closed");
    }
    pass(10_000, a);
    assertThat(rows()).hasSize(6 * Attendance.MAX_ROWS);
  }

  @Test
  void whatWaitsIsBounded() {
    engine.stop();
    pass(1_000, a);
    for (int i = 0; i < 2 * AttendanceNotes.MAX; i++) {
      a.enter("u");
      a.leave("u", "closed");
    }
    assertThat(a.presence.waiting()).isLessThanOrEqualTo(AttendanceNotes.MAX + 1);
    a.enter("u");
    engine.start(false);
    pass(60_000, a);
    assertThat(rows().getLast()).isEqualTo("joined u");
    assertThat(a.presence.waiting()).isZero();
  }

  /// Calls of the node are answered meanwhile.
  private Parsed<Integer> purge(PresenceNode node, String userId) {
    CompletableFuture<Parsed<Integer>> purged =
        CompletableFuture.supplyAsync(() -> node.presence.purgeUser("1", userId).await());
    while (!purged.isDone()) {
      while (node.flaky.hasCalls()) {
        node.flaky.step(random, 0);
      }
      Thread.onSpinWait();
    }
    return purged.join();
  }

  @Test
  void nothingSaysAnyMoreWhichRowsWereThoseOfAUserWhoIsPurged() {
    a.enter("7");
    a.enter("8");
    a.leave("7", "closed");
    pass(1_000, a);
    assertThat(purge(a, "7")).isEqualTo(new Parsed.Ok<>(0));
    assertThat(rows()).containsExactly("joined 8");
    assertThat(inLog()).hasSize(3).noneMatch(row -> "7".equals(row.userId()));
    assertThat(engine.node().value(new ChannelKey("1", PresenceEvents.user("7"))))
        .isCompletedWithValueMatching(value -> value.bytes().length == 0);

    a.enter("7");
    pass(1_000, a);
    assertThat(rows()).containsExactly("joined 8", "joined 7");
    assertThat(purge(a, "9")).isEqualTo(new Parsed.Ok<>(0));
    assertThat(rows()).containsExactly("joined 8", "joined 7");
  }

  /// The name of a user is renewed long before the engine forgets it.
  @Test
  void rowsHaveTheirUsersAsLongAsTheyAreKept() {
    a.enter("7");
    pass(1_000, a);
    for (int year = 0; year < 3; year++) {
      a.leave("7", "closed");
      a.enter("7");
      pass(1_000, a);
      engine.pass(31_536_000_000L - 10_000);
      assertThat(rows()).as("after %s years", year + 1).isNotEmpty().hasSameSizeAs(inLog());
    }
  }
}
