package dev.fanfare.webhook.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outboxes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An event that a receiver refuses every time blocks its own channel, and no other.
final class RefusedEventsTest extends WithReceiver {

  /// The events of the accepted requests that have arrived so far, added to `accepted`.
  private void collect(List<String> accepted) {
    for (Taken request : receiver.all()) {
      if (request.manner() == Manner.TAKES) {
        accepted.addAll(request.events());
      }
    }
  }

  private List<String> accepted(int count) {
    List<String> accepted = new ArrayList<>();
    eventually(() -> {
      collect(accepted);
      assertThat(accepted).hasSize(count);
    });
    return accepted;
  }

  private static List<String> occupied(String... channels) {
    return List.of(channels).stream().map(channel -> "channel_occupied " + channel).toList();
  }

  @Test
  void encryptedChannelsDoNotShareRequestsWithOthers() {
    receiver.failLikeSdks();
    try (Post post = post().withEndlessPauses()) {
      post.occupied("a", "private-encrypted-x", "b", "private-encrypted-cache-y", "c");
      assertThat(accepted(3)).isEqualTo(occupied("a", "b", "c"));
      post.occupied("private-encrypted-x", "d");
      assertThat(accepted(1)).isEqualTo(occupied("d"));
      assertThat(post.outbox.counts().pending()).isEqualTo(3);
    }
  }

  @Test
  void encryptedChannelsAreDeliveredToReceiversThatAcceptThem() {
    try (Post post = post()) {
      post.occupied("a", "private-encrypted-x", "b", "private-encrypted-y");
      assertThat(List.of(receiver.next().events(), receiver.next().events()))
          .containsExactlyInAnyOrder(
              occupied("a", "b"), occupied("private-encrypted-x", "private-encrypted-y"));
    }
  }

  @Test
  void aRefusedEventIsFoundByHalvingAndItsNeighboursArriveInOrder() {
    receiver.failIfAny(event -> event.endsWith(" c4"));
    String[] channels = IntStream.range(0, 8).mapToObj(i -> "c" + i).toArray(String[]::new);
    try (Post post = post()) {
      post.occupied(channels);
      List<List<String>> sent = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sent.add(receiver.next().events());
      }
      assertThat(sent)
          .containsExactly(
              occupied(channels),
              occupied(channels),
              occupied("c0", "c1", "c2", "c3"),
              occupied("c4", "c5", "c6", "c7"),
              occupied("c4", "c5"),
              occupied("c4"),
              occupied("c5"),
              occupied("c6", "c7"));
      eventually(() -> assertThat(post.outbox.counts()).isEqualTo(new Counts(8, 7, 1, 0, 1)));
      DeadLetter letter = post.outbox.deadLetters("1234", 0, 1).getFirst();
      assertThat(letter.reason()).isEqualTo("answered 500");
      assertThat(letter.entry().draft().channel()).isEqualTo("c4");
      assertThat(letter.attempts())
          .as("two together with all, two in halves, then alone")
          .isEqualTo(5 + receiver.waiting());
    }
  }

  @Test
  void eventsBehindARefusedOneWaitForItAndArriveInOrder() {
    AtomicInteger refusals = new AtomicInteger(5);
    receiver.failIfAny(event -> event.equals("1 x") && refusals.getAndDecrement() > 0);
    try (Post post = post()) {
      send(post, "1 x", "2 x", "1 y", "3 x", "2 y");
      List<String> accepted = accepted(5);
      assertThat(accepted)
          .filteredOn(event -> event.endsWith("x"))
          .isEqualTo(List.of("1 x", "2 x", "3 x"));
      assertThat(accepted)
          .filteredOn(event -> event.endsWith("y"))
          .isEqualTo(List.of("1 y", "2 y"));
      assertThat(accepted.indexOf("2 y")).isLessThan(accepted.indexOf("1 x"));
    }
  }

  @Test
  void eventsBehindOneThatDiedAreTriedWhileTheyAreYoung() {
    receiver.failIfAny(event -> event.equals("1 x"));
    try (Post post = post()) {
      long nowMs = post.clock.instant().toEpochMilli();
      List<Draft> drafts = new ArrayList<>();
      drafts.add(draft("1 x", nowMs - 100_000));
      for (int i = 2; i < 5; i++) {
        drafts.add(draft(i + " x", nowMs));
      }
      post.outbox.accept(drafts);
      post.couriers.resume(Outboxes.pending(post.outbox));
      assertThat(accepted(3)).containsExactly("2 x", "3 x", "4 x");
      eventually(() -> assertThat(post.outbox.counts()).isEqualTo(new Counts(4, 3, 1, 0, 1)));
    }
  }

  /// Ten events on their own, their retries, and the halves on the way to them.
  @Test
  void anEndpointThatRefusesEverythingGetsFewRequests() {
    receiver.always(Manner.FAILS);
    try (Post post = post()) {
      post.occupied(IntStream.range(0, 500).mapToObj(i -> "c" + i).toArray(String[]::new));
      eventually(() -> assertThat(post.outbox.counts().died()).isEqualTo(500));
      assertThat(receiver.waiting()).isLessThan(200);
      receiver.always(Manner.TAKES);
      post.occupied("again");
      assertThat(accepted(1)).isEqualTo(occupied("again"));
    }
  }

  /// What waits for a blocked channel stays in the outbox at the end, and dies with the endpoint.
  @Test
  void blockedChannelsAreKeptAtTheEndAndDieWithTheirEndpoint() {
    receiver.failIfAny(event -> event.endsWith(" x"));
    Post ended = post().withEndlessPauses();
    send(ended, "1 x");
    eventually(() -> assertThat(ended.pauses).isNotEmpty());
    send(ended, "2 x");
    ended.close();
    assertThat(ended.outbox.counts()).isEqualTo(new Counts(2, 0, 0, 2, 0));

    try (Post post = post().withEndlessPauses()) {
      send(post, "1 x");
      eventually(() -> assertThat(post.pauses).isNotEmpty());
      send(post, "2 x", "3 x");
      post.reload(Post.app());
      eventually(() -> assertThat(post.outbox.counts()).isEqualTo(new Counts(3, 0, 3, 0, 3)));
      assertThat(post.outbox.deadLetters("1234", 0, 9))
          .extracting(DeadLetter::attempts, DeadLetter::reason)
          .containsExactly(
              tuple(1, Courier.DISMISSED),
              tuple(0, Courier.DISMISSED),
              tuple(0, Courier.DISMISSED));
    }
  }

  /// Everything at once: some channels are always refused, some requests fail for no reason.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void allOthersArriveInOrderWhateverIsRefused(long seed) {
    Random random = new Random(seed);
    AtomicInteger hiccups = new AtomicInteger(40);
    Manner[] failures = {Manner.FAILS, Manner.RESETS, Manner.IS_BUSY, Manner.REDIRECTS};
    receiver.ask(request -> {
      if (request.events().stream().anyMatch(event -> event.contains(" bad"))) {
        return Manner.FAILS;
      }
      synchronized (random) {
        return random.nextInt(6) > 0 || hiccups.getAndDecrement() <= 0
            ? Manner.TAKES
            : failures[random.nextInt(failures.length)];
      }
    });
    List<String> good = new ArrayList<>();
    List<String> all = new ArrayList<>();
    Random channels = new Random(-seed);
    for (int number = 0; number < 300; number++) {
      int channel = channels.nextInt(30);
      String event = number + (channel < 4 ? " bad" : " good") + channel;
      all.add(event);
      if (channel >= 4) {
        good.add(event);
      }
    }
    try (Post post = post()) {
      send(post, all.toArray(String[]::new));
      List<String> accepted = accepted(good.size());
      assertThat(accepted).containsExactlyInAnyOrderElementsOf(good);
      assertThat(byChannel(accepted)).isEqualTo(byChannel(good));
      int bad = all.size() - good.size();
      eventually(() -> assertThat(post.outbox.counts().died()).isEqualTo(bad));
    }
  }

  private static Map<String, List<String>> byChannel(List<String> events) {
    return events.stream()
        .collect(Collectors.groupingBy(event -> event.substring(event.indexOf(' '))));
  }

  /// Accepts events, all at once, each given as its name and its channel.
  private void send(Post post, String... events) {
    long nowMs = post.clock.instant().toEpochMilli();
    post.couriers.resume(
        post.outbox.accept(List.of(events).stream().map(event -> draft(event, nowMs)).toList()));
  }

  private Draft draft(String event, long createdMs) {
    String[] words = event.split(" ", -1);
    String json = "{\"name\":\"" + words[0] + "\",\"channel\":\"" + words[1] + "\"}";
    return new Draft("1234", receiver.url(), words[1], createdMs, json);
  }
}
