package dev.fanfare.webhook.courier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outboxes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Events that another node has not delivered are older than those that wait here.
final class InheritedEventsTest extends WithReceiver {

  private Draft draft(Post post, String channel, String endpoint) {
    return new Draft(
        "1234",
        endpoint,
        channel,
        post.clock.instant().toEpochMilli(),
        "{\"name\":\"inherited\",\"channel\":\"" + channel + "\"}");
  }

  private List<Integer> inherit(Post post, String... channels) {
    List<Draft> drafts = new ArrayList<>();
    for (String channel : channels) {
      drafts.add(draft(post, channel, receiver.url()));
    }
    return post.couriers.inherit(drafts);
  }

  @Test
  void theyAreDeliveredInTheirOrderBeforeAllThatWaits() {
    receiver.first(Manner.IS_BUSY);
    try (Post post = post().withHeldPauses()) {
      post.occupied("first");
      assertThat(receiver.next().events()).containsExactly("channel_occupied first");
      eventually(() -> assertThat(post.pauses).hasSize(1)); // the first is tried again later
      post.occupied("x", "y");
      assertThat(inherit(post, "x", "y")).containsExactly(0, 1);
      assertThat(inherit(post, "x")).containsExactly(0);
      post.occupied("z");
      post.releasePauses();
      assertThat(receiver.next().events()).containsExactly("channel_occupied first");
      assertThat(receiver.next().events())
          .containsExactly(
              "inherited x",
              "inherited y",
              "inherited x",
              "channel_occupied x",
              "channel_occupied y",
              "channel_occupied z");
      eventually(() -> assertThat(post.outbox.counts()).isEqualTo(new Counts(7, 7, 0, 0, 0)));
    }
  }

  @Test
  void thoseWithoutAnEndpointAreNotAccepted() {
    try (Post post = post()) {
      assertThat(
              post.couriers.inherit(
                  List.of(draft(post, "a", ""), draft(post, "b", receiver.url()))))
          .containsExactly(1);
      assertThat(receiver.next().events()).containsExactly("inherited b");
    }
  }

  /// A later event that fits must not overtake one that does not.
  @Test
  void withoutRoomTheRestIsNotAccepted() {
    try (Post post =
        new Post(OPTIONS.withMaxPendingEvents(2), Post.app(receiver.url())).withHeldPauses()) {
      receiver.always(Manner.IS_BUSY);
      assertThat(inherit(post, "a", "b", "c", "d")).containsExactly(0, 1);
      assertThat(Outboxes.pending(post.outbox)).hasSize(2);
      assertThat(post.outcomes.lines()).noneMatch(line -> line.contains("dropped"));
    }
  }
}
