package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a receiver of one node's changes knows about the channels of all nodes. Notes the first
/// change that contradicts those before it.
final class SharedReports implements ChangeListener {

  private final Set<String> occupied = new HashSet<>();
  private final Map<String, Set<String>> members = new HashMap<>();

  /// The sink swallows failures of listeners, so the first one is kept.
  private @Nullable Throwable failure;

  @Override
  public void onChange(Change change) {
    try {
      check(change);
    } catch (AssertionError e) {
      failure = failure == null ? e : failure;
    }
  }

  private void check(Change change) {
    String channel = change.name();
    switch (change) {
      case Change.Occupied _ -> assertThat(occupied.add(channel)).as(channel).isTrue();
      case Change.Vacated _ -> {
        assertThat(occupied.remove(channel)).as(channel).isTrue();
        assertThat(members(channel)).isEmpty();
      }
      case Change.MemberAdded added -> {
        assertThat(occupied).contains(channel);
        assertThat(members(channel).add(added.member().userId())).isTrue();
      }
      case Change.MemberRemoved removed ->
          assertThat(members(channel).remove(removed.member().userId())).isTrue();
      case Change.Counted counted ->
          assertThat(counted.count()).isEqualTo(counted.channel().subscribers());
      default -> {}
    }
  }

  boolean isOccupied(String channel) {
    return occupied.contains(channel);
  }

  Set<String> members(String channel) {
    return members.computeIfAbsent(channel, _ -> new HashSet<>());
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
