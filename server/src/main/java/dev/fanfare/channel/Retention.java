package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.budget.Share;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Which events channels keep for later subscribers, for how long, and in how much memory: a cache
/// channel keeps the last event that a server published (section 5). Called only while the
/// channel's entry is held, except [#keeps].
final class Retention {

  private final CacheBudget budget;

  /// @param memory what the kept events of all channels may take
  Retention(Share memory) {
    this.budget = new CacheBudget(memory);
  }

  /// True if the channel of this event keeps it. Any thread.
  static boolean keeps(Publication publication) {
    return publication.channel().isCached() && publication.origin() == Origin.HTTP;
  }

  /// Keeps an event in the place of the channel's former one. What must be forgotten for it,
  /// perhaps the event itself, is added to `forgotten`, because its own entry must be held for
  /// that.
  ///
  /// @param remainingNs until it expires; never longer than the app's `cache_ttl_seconds`
  KeptEvent keep(
      Channel channel,
      Publication publication,
      long nowNs,
      long remainingNs,
      List<CacheBudget.Forgotten> forgotten) {
    App app = channel.app().current();
    long ttlNs = Math.min(remainingNs, TimeUnit.SECONDS.toNanos(app.limits().cacheTtlSeconds()));
    KeptEvent event = new KeptEvent(publication, channel.nextSequence(), nowNs + ttlNs);
    channel.keep(event);
    budget.put(app, channel.name().value(), event, forgotten);
    return event;
  }

  /// Forgets this very event; false if the channel keeps another one by now.
  @SuppressWarnings("ReferenceEquality") // not a later one that is equal
  static boolean forget(Channel channel, KeptEvent event) {
    boolean isKept = channel.keptEvent() == event;
    if (isKept) {
      channel.dropKept();
    }
    return isKept;
  }

  /// Drops what the channel keeps, whether it has expired or not.
  void drop(Channel channel) {
    @Nullable KeptEvent event = channel.keptEvent();
    if (event != null) {
      budget.remove(channel.app().id(), channel.name().value(), event);
      channel.dropKept();
    }
  }
}
