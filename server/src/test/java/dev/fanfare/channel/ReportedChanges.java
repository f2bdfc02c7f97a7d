package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a receiver of changes knows about the channels, from nothing but the changes. Fails for a
/// change that contradicts those before it.
final class ReportedChanges implements ChangeListener {

  private final Set<String> occupied = new HashSet<>();
  private final Map<String, Set<String>> members = new HashMap<>();
  private final Map<String, Set<Subscription>> subscriptions = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Integer> misses = new HashMap<>();

  /// The sink swallows failures of listeners, so the first one is kept.
  private @Nullable Throwable failure;

  @Override
  public void onChange(Change change) {
    try {
      check(change);
    } catch (AssertionError | RuntimeException e) {
      failure = failure == null ? e : failure;
    }
  }

  private void check(Change change) {
    String channel = change.name();
    assertThat(change.app().id()).isEqualTo(change.channel().app().id());
    switch (change) {
      case Change.Occupied _ -> {
        assertThat(occupied.add(channel)).as("%s was not occupied", channel).isTrue();
        assertThat(subscriptions(channel)).isEmpty();
      }
      case Change.Vacated _ -> {
        assertThat(occupied.remove(channel)).as("%s was occupied", channel).isTrue();
        assertThat(subscriptions(channel)).isEmpty();
        assertThat(members(channel)).isEmpty();
      }
      case Change.Joined joined -> {
        assertThat(occupied).contains(channel);
        assertThat(subscriptions(channel).add(joined.subscription())).isTrue();
        checkUser(channel, joined.subscription());
      }
      case Change.Left left -> {
        assertThat(occupied).contains(channel);
        assertThat(subscriptions(channel).remove(left.subscription())).isTrue();
        checkUser(channel, left.subscription());
      }
      case Change.MemberAdded added -> {
        assertThat(occupied).contains(channel);
        assertThat(members(channel).add(added.member().userId())).isTrue();
        assertThat(added.sequence()).isGreaterThan(sequences.getOrDefault(channel, 0L));
        sequences.put(channel, added.sequence());
      }
      case Change.MemberRemoved removed -> {
        assertThat(members(channel).remove(removed.member().userId())).isTrue();
        assertThat(removed.joinedAtNs()).isLessThanOrEqualTo(removed.atNs());
      }
      case Change.Counted counted -> {
        assertThat(counted.count()).isEqualTo(subscriptions(channel).size());
        counts.put(channel, counted.count());
      }
      case Change.CacheMissed _ -> misses.merge(channel, 1, Integer::sum);
      case Change.CacheForgotten _ -> misses.remove(channel);
      case Change.ClientEvent _ -> throw new AssertionError("no client event was published");
    }
  }

  private void checkUser(String channel, Subscription subscription) {
    if (subscription.userId() != null) {
      assertThat(members(channel)).contains(subscription.userId());
    }
  }

  private Set<Subscription> subscriptions(String channel) {
    return subscriptions.computeIfAbsent(channel, _ -> new HashSet<>());
  }

  private Set<String> members(String channel) {
    return members.computeIfAbsent(channel, _ -> new HashSet<>());
  }

  Set<String> occupied() {
    return occupied;
  }

  void check(ChannelModel model) {
    assertThat(failure).isNull();
    String channel = model.name().value();
    assertThat(subscriptions(channel)).hasSize(model.subscribers());
    assertThat(members(channel)).isEqualTo(model.userIds());
    if (!model.name().hasMembers()) {
      assertThat(counts.getOrDefault(channel, 0)).isEqualTo(model.subscribers());
    }
    if (!model.name().isCached()) {
      assertThat(misses).doesNotContainKey(channel);
    }
  }
}
