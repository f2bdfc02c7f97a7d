package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.history.CacheBudget;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.History;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.HistoryStore;
import dev.fanfare.history.Identity;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.history.Purge;
import dev.fanfare.history.ReplayRequest;
import dev.fanfare.history.Start;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.shared.SharedLog;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Which events channels keep for later subscribers, for how long, and in how much memory: a cache
/// channel keeps the last event that a server published (section 5), and a channel that a
/// [HistoryRule] covers keeps what the rule says. Called only while the channel's entry is held,
/// except where a method says otherwise.
final class Retention {

  private final CacheBudget budget;
  private final HistoryStore store;
  private final PresenceLogs presence;

  /// False on a node with others, where only rules with a store that nodes share are kept.
  private final boolean isAlone;

  /// @param budget what the last events of all cache channels may take
  /// @param store keeps the events of channels that rules cover
  Retention(CacheBudget budget, HistoryStore store, boolean isAlone) {
    this.budget = budget;
    this.store = store;
    this.presence = new PresenceLogs(store);
    this.isAlone = isAlone;
  }

  boolean isShared() {
    return store.isShared();
  }

  /// The store that nodes share.
  SharedStore shared() {
    return (SharedStore) store;
  }

  /// The rule that covers a channel; null if there is none that this node can follow.
  private @Nullable HistoryRule rule(List<HistoryRule> rules, String channel) {
    if (rules.isEmpty() || (!isAlone && !store.isShared())) {
      return null;
    }
    HistoryRule rule = HistoryRule.first(rules, channel);
    boolean isUsable =
        rule != null && (rule.store() == HistoryRule.Store.SHARED) == store.isShared();
    return isUsable ? rule : null;
  }

  /// The rule by which nodes keep an event together; null if none does. Any thread.
  @Nullable HistoryRule sharedRule(App app, Publication publication) {
    HistoryRule rule = store.isShared() ? rule(app.history(), publication.channel().value()) : null;
    return rule != null && rule.keeps(publication) ? rule : null;
  }

  /// The first subscription of this node to a channel begins.
  static void begin(Channel channel) {
    History history = channel.history();
    if (history != null && history.log() instanceof SharedLog log) {
      log.start();
    }
  }

  /// The last subscription of this node to a channel has ended.
  void end(Channel channel) {
    History history = channel.history();
    if (history != null && history.log() instanceof SharedLog log) {
      log.stop();
      drop(channel); // the node does not learn of later ones
    }
  }

  /// Where a new subscription begins; null if no rule covers the channel.
  ///
  /// @param request null if nothing is known about the subscriber
  @Nullable Start start(
      Channel channel, String socketId, @Nullable ReplayRequest request, long nowNs) {
    apply(channel, nowNs);
    History history = channel.history();
    if (history == null) {
      return null;
    }
    String appId = channel.app().id();
    String name = channel.name().value();
    return Start.of(history, store.departed(), appId, name, socketId, request, nowNs);
  }

  /// True if the channel of this event keeps it. Any thread.
  ///
  /// @param channel null if there is none yet
  boolean keeps(LiveApp live, @Nullable Channel channel, Publication publication) {
    ChannelName name = publication.channel();
    if (name.isCached() && publication.origin() == Origin.HTTP) {
      return true;
    }
    List<HistoryRule> rules = live.current().history();
    if (rules.isEmpty()) {
      return false;
    }
    if (channel != null && channel.follows(rules)) {
      History history = channel.history();
      return history != null && history.keeps(publication);
    }
    HistoryRule rule = rule(rules, name.value());
    return rule != null && rule.keeps(publication);
  }

  /// Applies the app's current rules to a channel, if they have changed.
  void apply(Channel channel, long nowNs) {
    App app = channel.app().current();
    List<HistoryRule> rules = app.history();
    if (channel.follows(rules)) {
      return;
    }
    HistoryRule rule = rule(rules, channel.name().value());
    History before = channel.history();
    if (rule == null) {
      close(channel, before);
      channel.follow(rules, null);
    } else if (before == null) {
      channel.follow(rules, open(app, channel, rule));
    } else if (!isStoredAlike(before.rule(), rule)) {
      close(channel, before);
      channel.follow(rules, open(app, channel, rule));
    } else {
      before.log().apply(rule, nowNs);
      EventLog joinsAndLeaves = presence.apply(channel, before, rule, nowNs);
      channel.follow(rules, new History(rule, before.log(), joinsAndLeaves));
    }
  }

  /// Opens what an earlier process kept of a channel. Its newest event is again the one that a
  /// cache channel has.
  ///
  /// @param forgotten as for [#keep]
  void reopen(Channel channel, long nowNs, List<CacheBudget.Forgotten> forgotten) {
    apply(channel, nowNs);
    History history = channel.history();
    StoredEvent newest = history == null ? null : history.log().newest(nowNs);
    if (channel.name().isCached()
        && newest != null
        && newest.publication().origin() == Origin.HTTP) {
      int ttlSeconds = channel.app().current().limits().cacheTtlSeconds();
      long leftNs = newest.keptAtNs() + TimeUnit.SECONDS.toNanos(ttlSeconds) - nowNs;
      if (leftNs > 0) {
        var _ = keep(channel, newest.publication(), newest, nowNs, leftNs, forgotten);
      }
    }
  }

  private History open(App app, Channel channel, HistoryRule rule) {
    EventLog log = store.open(app, channel.name(), rule);
    channel.raiseSequence(log.floor());
    if (channel.localSubscribers() > 0 && log instanceof SharedLog shared) {
      shared.start();
    }
    return new History(rule, log, null);
  }

  /// True if a log of one rule may be used under the other. Files belong to one rule.
  private static boolean isStoredAlike(HistoryRule one, HistoryRule other) {
    return one.store() == other.store()
        && (one.store() != HistoryRule.Store.DISK || one.channels().equals(other.channels()));
  }

  /// What is kept of joins and leaves.
  PresenceLogs presence() {
    return presence;
  }

  /// Fails, without a full stop, if too many events wait to be written. Any thread.
  Parsed<Parsed.Passed> checkRoom(App app, Publication publication) {
    return isWritten(app, publication) ? store.checkRoom() : Parsed.PASSED;
  }

  /// Completes when these events are written; null if none of them is. Any thread.
  @Nullable CompletableFuture<Boolean> written(App app, List<Publication> publications) {
    return publications.stream().anyMatch(each -> isWritten(app, each)) ? store.written() : null;
  }

  /// Fails, without a full stop, if one of these events must be written and cannot be. Any thread.
  Parsed<Parsed.Passed> checkDisk(App app, List<Publication> publications) {
    for (Publication publication : publications) {
      HistoryRule rule = rule(app.history(), publication.channel().value());
      if (rule != null
          && rule.store() == HistoryRule.Store.DISK
          && rule.keeps(publication)
          && store.checkDisk(app, rule) instanceof Parsed.Bad<Parsed.Passed> bad) {
        return bad;
      }
    }
    return Parsed.PASSED;
  }

  private boolean isWritten(App app, Publication publication) {
    HistoryRule rule = rule(app.history(), publication.channel().value());
    return rule != null && rule.store() != HistoryRule.Store.MEMORY && rule.keeps(publication);
  }

  /// Keeps an event if a rule says so; null if none does.
  @Nullable StoredEvent store(Channel channel, Publication publication, long nowNs) {
    apply(channel, nowNs);
    History history = channel.history();
    return history == null || !history.keeps(publication)
        ? null
        : history.log().append(publication, channel.nextSequence(), nowNs);
  }

  /// Some events that the channel keeps under a rule; fails if none covers it. Any thread; may
  /// block.
  ///
  /// @param channel null if there is none
  Parsed<HistoryPage> page(
      App app, ChannelName name, @Nullable Channel channel, HistoryPage.Query query, long nowNs) {
    return switch (rule(app, name)) {
      case Parsed.Bad<HistoryRule> bad -> new Parsed.Bad<>(bad.reason());
      case Parsed.Ok<HistoryRule>(HistoryRule rule) -> {
        History history = channel == null ? null : channel.history();
        yield new Parsed.Ok<>(
            history == null
                ? store.page(app, name, rule, query, nowNs)
                : history.log().page(query, nowNs));
      }
    };
  }

  /// Drops everything that a channel keeps; empty if no rule covers it.
  ///
  /// @param withReaders the positions of readers too
  List<Purge> purge(Channel channel, boolean withReaders, long nowNs) {
    apply(channel, nowNs);
    History history = channel.history();
    if (history == null) {
      return List.of();
    }
    drop(channel);
    Purge ofPresence = presence.purge(channel, history.rule(), nowNs);
    Purge purge = history.log().purge(withReaders, nowNs);
    store.departed().purged(channel.app().id(), channel.name().value(), withReaders);
    return ofPresence == null ? List.of(purge) : List.of(purge, ofPresence);
  }

  /// Forgets the positions that wait for a user. Any thread.
  void forgetUser(App app, String userId) {
    store.departed().forget(app.id(), new Identity(Identity.Kind.USER, userId));
  }

  /// The rule that covers a channel; fails if none does. Any thread.
  Parsed<HistoryRule> rule(App app, ChannelName name) {
    HistoryRule rule = rule(app.history(), name.value());
    return rule == null ? uncovered(name) : new Parsed.Ok<>(rule);
  }

  /// No rule covers the channel.
  static <T> Parsed<T> uncovered(ChannelName name) {
    return new Parsed.Bad<>("No history rule covers channel " + name.value());
  }

  /// Fails, without a full stop, if too much waits to be written to the files of a rule. Any
  /// thread.
  Parsed<Parsed.Passed> checkRoom(HistoryRule rule) {
    return rule.store() == HistoryRule.Store.DISK ? store.checkRoom() : Parsed.PASSED;
  }

  /// Keeps an event in the place of a cache channel's former one. What must be forgotten for it,
  /// perhaps the event itself, is added to `forgotten`, because its own entry must be held for
  /// that.
  ///
  /// @param stored the same event, if a rule keeps it too
  /// @param remainingNs until it expires; never longer than the app's `cache_ttl_seconds`
  KeptEvent keep(
      Channel channel,
      Publication publication,
      @Nullable StoredEvent stored,
      long nowNs,
      long remainingNs,
      List<CacheBudget.Forgotten> forgotten) {
    App app = channel.app().current();
    long ttlNs = Math.min(remainingNs, TimeUnit.SECONDS.toNanos(app.limits().cacheTtlSeconds()));
    long sequence = stored == null ? channel.nextSequence() : stored.sequence();
    KeptEvent event = new KeptEvent(publication, sequence, nowNs + ttlNs, stored);
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

  /// Drops the event of a cache channel, whether it has expired or not.
  void drop(Channel channel) {
    @Nullable KeptEvent event = channel.keptEvent();
    if (event != null) {
      budget.remove(channel.app().id(), channel.name().value(), event);
      channel.dropKept();
    }
  }

  /// Drops the event of a cache channel if it was purged with everything up to another one.
  void drop(Channel channel, EventId through) {
    KeptEvent cached = channel.keptEvent();
    StoredEvent stored = cached == null ? null : cached.stored();
    if (stored == null || stored.id().compareTo(through) <= 0) {
      drop(channel);
    }
  }

  /// Another node has purged a channel that nodes keep together, up to an event.
  void purged(Channel channel, EventId through, long nowNs) {
    History history = channel.history();
    if (history != null && history.log() instanceof SharedLog log) {
      log.drop(through, nowNs);
      drop(channel, through);
    }
  }

  /// The channel is dropped from the registry, with what it keeps.
  void close(Channel channel) {
    drop(channel);
    close(channel, channel.history());
  }

  private void close(Channel channel, @Nullable History history) {
    if (history != null) {
      presence.close(channel, history);
      store.departed().closed(channel.app().id(), channel.name().value(), history.log().close());
    }
  }
}
