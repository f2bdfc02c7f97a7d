package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.lane.Subscription;
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
  private final Map<Channel, Long> sequences = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Integer> misses = new HashMap<>();
  private final Map<String, String> keptData = new HashMap<>();

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
        advance(added, added.sequence());
      }
      case Change.MemberRemoved removed -> {
        assertThat(members(channel).remove(removed.member().userId())).isTrue();
        assertThat(removed.joinedAtNs()).isLessThanOrEqualTo(removed.atNs());
      }
      case Change.Counted counted -> {
        assertThat(counted.count()).isEqualTo(subscriptions(channel).size());
        counts.put(channel, counted.count());
      }
      case Change.Kept kept -> {
        advance(kept, kept.event().sequence());
        assertThat(kept.isRemote()).isFalse();
        assertThat(kept.channel().keptEvent()).isSameAs(kept.event());
        misses.remove(channel);
        keptData.put(channel, kept.event().data());
      }
      case Change.CacheMissed _ -> misses.merge(channel, 1, Integer::sum);
      case Change.CacheForgotten _ -> assertThat(keptData.remove(channel)).isNotNull();
      case Change.ClientEvent _ -> throw new AssertionError("no client event was published");
    }
  }

  /// Sequences grow within the life of a channel object.
  private void advance(Change change, long sequence) {
    Long before = sequences.put(change.channel(), sequence);
    assertThat(sequence).isGreaterThan(before == null ? 0 : before);
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

  /// @param nowNs decides whether a kept event has expired
  void check(ChannelModel model, long nowNs) {
    assertThat(failure).isNull();
    String channel = model.name().value();
    String cached = model.cached(nowNs);
    if (cached != null) {
      assertThat(keptData).containsEntry(channel, cached);
    }
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
