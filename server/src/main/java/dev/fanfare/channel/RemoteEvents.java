package dev.fanfare.channel;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.KeptVersions;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Outbound;
import dev.fanfare.history.CacheBudget;
import dev.fanfare.history.EventId;
import dev.fanfare.history.History;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.shared.SharedLog;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Delivers the events of other nodes, each to the subscriptions that are older. Every method is
/// called while the channel's entry is held.
final class RemoteEvents {

  /// A kept event of another node that is not older was not delayed by an outage.
  private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(2);

  /// After an outage, events arrive one after another. Only the last is for subscriptions that are
  /// younger than all of them: it is the last if none follows for so long.
  private static final long OWED_NS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Lanes lanes;
  private final Changes changes;
  private final NanoClock clock;
  private final Retention retention;
  private final MemberNotices notices;

  RemoteEvents(
      Lanes lanes, Changes changes, NanoClock clock, Retention retention, MemberNotices notices) {
    this.lanes = lanes;
    this.changes = changes;
    this.clock = clock;
    this.retention = retention;
    this.notices = notices;
  }

  /// @param asOfNs when it was published at the latest, on the clock of the bus
  void deliver(
      Channel channel, Publication publication, long asOfNs, @Nullable DeliveryTrace trace) {
    if (channel.localSubscribers() > 0) {
      deliverOwed(channel);
      deliver(channel, publication, channel.nextSequence(), asOfNs, trace);
    }
  }

  private void deliver(
      Channel channel,
      Publication publication,
      long sequence,
      long asOfNs,
      @Nullable DeliveryTrace trace) {
    Elsewhere elsewhere = channel.elsewhere();
    boolean isLate = elsewhere != null && elsewhere.newestNs() - asOfNs > 0;
    if (isLate) {
      announce(channel, publication);
      lanes.deliver(Outbound.late(channel, publication, sequence, asOfNs).tracedBy(trace));
    } else {
      deliverToAll(channel, publication, sequence, trace);
    }
  }

  private void deliverToAll(
      Channel channel, Publication publication, long sequence, @Nullable DeliveryTrace trace) {
    announce(channel, publication);
    lanes.deliver(Outbound.remote(channel, publication, sequence).tracedBy(trace));
  }

  /// Delivers what the log of a channel has that nodes keep together.
  ///
  /// @param forgotten receives what the channel no longer keeps
  void drain(Channel channel, List<CacheBudget.Forgotten> forgotten) {
    History history = channel.history();
    if (history == null || !(history.log() instanceof SharedLog log)) {
      return;
    }
    long nowNs = clock.nanoTime();
    EventId purged = log.purged();
    StoredEvent event = log.take(channel.nextSequence(), nowNs);
    if (!log.purged().equals(purged)) {
      retention.drop(channel, log.purged());
    }
    while (event != null) {
      Publication publication = event.publication();
      announce(channel, publication);
      if (channel.name().isCached() && publication.origin() == Origin.HTTP) {
        KeptEvent kept =
            retention.keep(channel, publication, event, nowNs, Long.MAX_VALUE, forgotten);
        changes.report(new Change.Kept(channel.app().current(), channel, kept, true, 0));
      }
      lanes.deliver(Outbound.stored(channel, event));
      event = log.take(channel.nextSequence(), nowNs);
    }
  }

  /// A user is announced before an event that names it.
  private void announce(Channel channel, Publication publication) {
    String userId = publication.userId();
    if (userId != null) {
      notices.announce(channel, userId, clock.nanoTime());
    }
  }

  /// An event of a cache channel.
  ///
  /// @param forgotten receives what the channel no longer keeps
  void keep(
      Channel channel,
      BusMessage.Kept kept,
      long asOfNs,
      @Nullable DeliveryTrace trace,
      List<CacheBudget.Forgotten> forgotten) {
    Elsewhere elsewhere = channel.elsewhere();
    if (elsewhere == null) {
      return;
    }
    KeptVersions versions = elsewhere.versions();
    boolean isHighest = kept.version() > versions.highest();
    boolean isNew = versions.add(kept.version());
    boolean hasSubscribers = channel.localSubscribers() > 0;
    long sequence;
    if (!isNew) {
      sequence = versions.rememberedAt(kept.version());
    } else if (isHighest && kept.remainingMs() > 0) {
      long remainingNs = TimeUnit.MILLISECONDS.toNanos(kept.remainingMs());
      KeptEvent event =
          retention.keep(
              channel, kept.publication(), null, clock.nanoTime(), remainingNs, forgotten);
      changes.report(new Change.Kept(channel.app().current(), channel, event, true, 0));
      sequence = event.sequence();
    } else {
      sequence = channel.nextSequence();
    }
    if (!hasSubscribers) {
      return;
    }
    if (kept.isSnapshot()) {
      if (isNew) {
        versions.remember(kept.version(), sequence);
      }
      return;
    }
    boolean isLast = kept.version() == versions.highest();
    boolean isFresh = elsewhere.sharing.clock().nanoTime() - asOfNs < FRESH_NS;
    if (isLast && (isFresh || !isNew)) {
      // The channel had nothing newer for them.
      deliverToAll(channel, kept.publication(), sequence, trace);
    } else {
      deliver(channel, kept.publication(), sequence, asOfNs, trace);
    }
    KeptEvent event = channel.keptEvent();
    if (isLast && isNew && !isFresh && event != null && elsewhere.newestNs() - asOfNs > 0) {
      elsewhere.owe(new Elsewhere.Owed(event, asOfNs, clock.nanoTime() + OWED_NS));
    }
  }

  /// When a kept event must be delivered to the subscriptions that it is owed, on the clock of this
  /// node; [Long#MAX_VALUE] if it is not.
  static long owedNs(Channel channel) {
    Elsewhere elsewhere = channel.elsewhere();
    Elsewhere.Owed owed = elsewhere == null ? null : elsewhere.owed();
    return owed == null ? Long.MAX_VALUE : owed.dueNs();
  }

  /// Delivers what a kept event owes, at once.
  @SuppressWarnings("ReferenceEquality") // not a later one that is equal
  void deliverOwed(Channel channel) {
    Elsewhere elsewhere = channel.elsewhere();
    Elsewhere.Owed owed = elsewhere == null ? null : elsewhere.owed();
    if (elsewhere == null || owed == null) {
      return;
    }
    elsewhere.owe(null);
    if (channel.keptEvent() == owed.event()) {
      announce(channel, owed.event().publication());
      lanes.deliver(Outbound.owed(channel, owed.event(), owed.asOfNs()));
    }
  }
}
