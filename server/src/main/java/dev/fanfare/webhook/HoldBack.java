package dev.fanfare.webhook;

import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final FairBytes<String> bytes;

  /// By app; in each map oldest first, which is also the order in which they fall due.
  private final Map<String, SequencedMap<Removal, Fact>> heldByApp = new HashMap<>();

  /// When the oldest of all removals was held back, or earlier.
  private long oldestNs;

  /// @param delayNs how long removals wait, nanoseconds; 0 disables the delay
  /// @param bytes memory of the removals that wait, by app; above it the app's oldest ones are
  ///   passed on early
  HoldBack(long delayNs, FairBytes<String> bytes) {
    this.delayNs = delayNs;
    this.bytes = bytes;
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
    if (isEmpty() || nowNs - oldestNs < delayNs) {
      return;
    }
    oldestNs = nowNs;
    heldByApp
        .values()
        .removeIf(held -> {
          Map.Entry<Removal, Fact> oldest = held.firstEntry();
          while (oldest != null && nowNs - oldest.getValue().atNs() >= delayNs) {
            passFirst(held, due);
            oldest = held.firstEntry();
          }
          if (oldest != null && oldest.getValue().atNs() - oldestNs < 0) {
            oldestNs = oldest.getValue().atNs();
          }
          return held.isEmpty();
        });
  }

  private void passFirst(SequencedMap<Removal, Fact> held, Consumer<Fact> due) {
    Fact oldest = held.pollFirstEntry().getValue();
    bytes.release(oldest.app().id(), oldest.bytes());
    due.accept(oldest);
  }

  /// Passes on all removals, at shutdown.
  void releaseAll(Consumer<Fact> due) {
    for (SequencedMap<Removal, Fact> held : heldByApp.values()) {
      while (!held.isEmpty()) {
        passFirst(held, due);
      }
    }
    heldByApp.clear();
  }

  boolean isEmpty() {
    return heldByApp.isEmpty();
  }

  private void hold(Removal removal, Fact fact, Consumer<Fact> due) {
    if (delayNs == 0) {
      due.accept(fact);
      return;
    }
    if (isEmpty()) {
      oldestNs = fact.atNs();
    }
    SequencedMap<Removal, Fact> held =
        heldByApp.computeIfAbsent(fact.app().id(), _ -> new LinkedHashMap<>());
    while (!bytes.reserve(fact.app().id(), fact.bytes())) {
      if (held.isEmpty()) {
        heldByApp.remove(fact.app().id());
        due.accept(fact);
        return;
      }
      passFirst(held, due);
    }
    Fact before = held.putLast(removal, fact);
    if (before != null) {
      bytes.release(before.app().id(), before.bytes());
    }
  }

  private void passUnlessUndone(Removal removal, Fact fact, Consumer<Fact> due) {
    SequencedMap<Removal, Fact> held = heldByApp.get(fact.app().id());
    Fact undone = held == null ? null : held.remove(removal);
    if (undone == null) {
      due.accept(fact);
      return;
    }
    bytes.release(undone.app().id(), undone.bytes());
    if (held != null && held.isEmpty()) {
      heldByApp.remove(fact.app().id());
    }
  }

  private static Removal removal(Fact fact, String userId) {
    return new Removal(fact.app().id(), fact.event().channel(), userId);
  }
}
