package dev.fanfare.webhook;

import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Keeps `channel_vacated` and `member_removed` for a while (section 7.2). Whoever comes back
/// meanwhile, as a page does that is loaded anew, was never away: then neither the removal nor the
/// addition is passed on.
///
/// Facts are passed on in the order in which they came, but for those held. All wait equally long,
/// so `member_removed` stays before `channel_vacated`. Time is that of the facts, so a fact that
/// was slow to get here still cancels what it would have cancelled. Confined to one thread.
final class HoldBack {

  /// What can be undone. Users' ids are never empty, so an empty one stands for the channel.
  private record Removal(String appId, String channel, String userId) {}

  private final long delayNs;
  private final int most;

  // Oldest first, which is also in the order of falling due.
  private final SequencedMap<Removal, Fact> held = new LinkedHashMap<>();

  /// @param delayNs how long removals wait; 0 passes everything on
  /// @param most how many may wait; beyond it the oldest are passed on early
  HoldBack(long delayNs, int most) {
    this.delayNs = delayNs;
    this.most = most;
  }

  /// Takes the next fact; what is due now, be it this one or others, goes to `due`.
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

  /// Passes on what has waited long enough by `nowNs`.
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

  /// Passes on everything: there is no time left to wait.
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
    if (held.size() > most) {
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
