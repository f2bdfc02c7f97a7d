package dev.fanfare.webhook;

import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Delays `channel_vacated` and `member_removed` (section 7.2). If the channel or the user comes
/// back within the delay, as after the reload of a page, neither the removal nor the addition is
/// passed on.
///
/// Other facts are passed on in their order. All delays are equal, so `member_removed` stays before
/// `channel_vacated`. Delays are measured by the times of the facts, so a fact that arrives here
/// late still cancels the same removal. Confined to one thread.
final class HoldBack {

  /// A removal that can be undone. User IDs are never empty, so an empty one means the channel.
  /// Comparable, because strangers choose names: a map finds equal hashes by their order.
  private record Removal(String appId, String channel, String userId)
      implements Comparable<Removal> {

    private static final Comparator<Removal> ORDER =
        Comparator.comparing(Removal::channel)
            .thenComparing(Removal::userId)
            .thenComparing(Removal::appId);

    @Override
    public int compareTo(Removal other) {
      return ORDER.compare(this, other);
    }
  }

  private final long delayNs;
  private final int maxHeld;

  // Oldest first, which is also the order in which they fall due.
  private final SequencedMap<Removal, Fact> held = new LinkedHashMap<>();

  /// @param delayNs how long removals wait, nanoseconds; 0 disables the delay
  /// @param maxHeld how many removals may wait; above it the oldest are passed on early
  HoldBack(long delayNs, int maxHeld) {
    this.delayNs = delayNs;
    this.maxHeld = maxHeld;
  }

  /// Adds the next fact. Facts that are due now, this one or others, go to `due`.
  void take(Fact fact, Consumer<Fact> due) {
    release(fact.atNs(), due);
    WebhookEvent event = fact.event();
    switch (event) {
      case ChannelVacated _ -> hold(removal(fact, ""), fact, due);
      case MemberRemoved e -> hold(removal(fact, e.userId()), fact, due);
      case ChannelOccupied _ -> passUnlessUndone(removal(fact, ""), fact, due);
      case MemberAdded e -> passUnlessUndone(removal(fact, e.userId()), fact, due);
      case ClientEvent _, CacheMiss _, SubscriptionCount _ -> due.accept(fact);
    }
  }

  /// Passes on the removals whose delay is over at `nowNs`.
  void release(long nowNs, Consumer<Fact> due) {
    Iterator<Fact> oldest = held.values().iterator();
    while (oldest.hasNext()) {
      Fact fact = oldest.next();
      if (nowNs - fact.atNs() < delayNs) {
        return;
      }
      oldest.remove();
      due.accept(fact);
    }
  }

  /// Passes on all removals, at shutdown.
  void releaseAll(Consumer<Fact> due) {
    held.values().forEach(due);
    held.clear();
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  private void hold(Removal removal, Fact fact, Consumer<Fact> due) {
    if (delayNs == 0) {
      due.accept(fact);
      return;
    }
    held.putLast(removal, fact);
    if (held.size() > maxHeld) {
      due.accept(held.pollFirstEntry().getValue());
    }
  }

  private void passUnlessUndone(Removal removal, Fact fact, Consumer<Fact> due) {
    if (held.remove(removal) == null) {
      due.accept(fact);
    }
  }

  private static Removal removal(Fact fact, String userId) {
    return new Removal(fact.app().id(), fact.event().channel(), userId);
  }
}
