package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A recount ends with exactly the facts that hold, whatever happens meanwhile.
final class RecountTest {

  private static BusMessage.Interest interest(String channel, int count) {
    return new BusMessage.Interest("1", channel, count, 0);
  }

  private static BusMessage.Joined joined(String channel, String user) {
    return new BusMessage.Joined("1", channel, new Member(user, "{}"));
  }

  private final Outgoing outgoing = new Outgoing();

  /// Takes everything out of the queue, as the cluster's thread does, and follows also what comes
  /// after the mark.
  ///
  /// @return true if the mark was among it
  private boolean drain(Recount recount) {
    boolean isMarked = false;
    BusMessage message;
    while ((message = outgoing.poll()) != null) {
      if (Recount.isMark(message)) {
        isMarked |= recount.passes(message);
      } else {
        recount.follow(message);
      }
    }
    return isMarked;
  }

  @Test
  void everyKindOfFactIsFollowedUntilItEnds() {
    Recount recount = new Recount(List.<Runnable>of().iterator(), outgoing);
    List<BusMessage> lasting =
        List.of(
            interest("a", 2),
            joined("presence-a", "u"),
            new BusMessage.Online("1", "u"),
            new BusMessage.Connections("1", 3));
    lasting.forEach(outgoing::add);
    outgoing.add(interest("b", 1));
    outgoing.add(interest("b", 0));
    outgoing.add(joined("presence-a", "v"));
    outgoing.add(new BusMessage.Left("1", "presence-a", "v", false));
    outgoing.add(new BusMessage.Online("1", "v"));
    outgoing.add(new BusMessage.Offline("1", "v"));
    outgoing.add(new BusMessage.Connections("2", 1));
    outgoing.add(new BusMessage.Connections("2", 0));
    outgoing.add(new BusMessage.TerminateUser("1", "w"));
    recount.step(1);
    assertThat(drain(recount)).isTrue();
    assertThat(recount.facts()).containsExactlyElementsOf(lasting);
  }

  @Test
  void aRecountDoesNotTakeTheMarkOfAnother() {
    Recount first = new Recount(List.<Runnable>of().iterator(), outgoing);
    first.step(1);
    Recount second = new Recount(List.<Runnable>of().iterator(), outgoing);
    second.step(1);
    outgoing.add(interest("a", 1));
    List<Boolean> passed = new ArrayList<>();
    BusMessage message;
    while ((message = outgoing.poll()) != null) {
      if (Recount.isMark(message)) {
        passed.add(second.passes(message));
      }
    }
    assertThat(passed).containsExactly(false, false, false, true);
  }

  /// Channels with members whose owner decides and publishes at random, between the steps of a
  /// recount that begins after facts were lost.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void changesDuringTheRecountAreInIt(long seed) {
    Random random = new Random(seed);
    Map<String, Set<String>> truth = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      decide(random, truth, random.nextInt(3) > 0); // every third is lost
    }
    Recount recount = new Recount(entries(truth), outgoing); // what came before still waits
    boolean isMarked = false;
    while (!isMarked) {
      recount.step(random.nextInt(4));
      for (int i = random.nextInt(10); i > 0; i--) {
        decide(random, truth, true);
      }
      isMarked = drain(recount);
    }
    assertThat(Set.copyOf(recount.facts())).isEqualTo(facts(truth)).isNotEmpty();
  }

  private void decide(Random random, Map<String, Set<String>> truth, boolean arrives) {
    String channel = "presence-" + random.nextInt(12);
    String user = "u" + random.nextInt(4);
    Set<String> users = truth.computeIfAbsent(channel, _ -> new HashSet<>());
    boolean joins = users.add(user);
    if (!joins) {
      users.remove(user);
    }
    if (arrives) {
      outgoing.add(joins ? joined(channel, user) : new BusMessage.Left("1", channel, user, false));
      outgoing.add(interest(channel, users.size()));
    }
    if (users.isEmpty()) {
      truth.remove(channel);
    }
  }

  /// As channels do: the facts of one entry per step, read when the step runs.
  private Iterator<Runnable> entries(Map<String, Set<String>> truth) {
    List<Runnable> steps = new ArrayList<>();
    for (String channel : List.copyOf(truth.keySet())) {
      steps.add(() -> {
        Set<String> users = truth.getOrDefault(channel, Set.of());
        users.forEach(user -> outgoing.restate(joined(channel, user)));
        outgoing.restate(interest(channel, users.size()));
      });
    }
    return steps.iterator();
  }

  private static Set<BusMessage> facts(Map<String, Set<String>> truth) {
    Set<BusMessage> facts = new HashSet<>();
    truth.forEach((channel, users) -> {
      facts.add(interest(channel, users.size()));
      users.forEach(user -> facts.add(joined(channel, user)));
    });
    return facts;
  }
}
