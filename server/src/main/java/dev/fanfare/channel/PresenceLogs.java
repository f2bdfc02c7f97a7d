package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.History;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.HistoryStore;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.shared.SharedPresence;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What presence channels keep of their users' joins and leaves under a rule that says so
/// (`presence_events`). Nodes that keep history together do so in [SharedPresence]. Called only
/// while the channel's entry is held, except where a method says otherwise.
public final class PresenceLogs {

  private final HistoryStore store;

  PresenceLogs(HistoryStore store) {
    this.store = store;
  }

  /// A user's first connection to this node has joined.
  ///
  /// @param isFirst of all nodes
  void joined(Channel channel, String userId, boolean isFirst, long nowNs) {
    if (!isKept(channel)) {
      return;
    }
    if (store instanceof SharedStore shared) {
      note(shared, channel, userId, null);
    } else if (isFirst) {
      append(channel, PresenceEvents.joined(channel.name(), userId), nowNs);
    }
  }

  /// A user's last connection to this node has left.
  void leftHere(Channel channel, String userId, LeaveCause cause) {
    if (store instanceof SharedStore shared && isKept(channel)) {
      note(shared, channel, userId, cause);
    }
  }

  private static void note(
      SharedStore shared, Channel channel, String userId, @Nullable LeaveCause cause) {
    HistoryRule rule = Objects.requireNonNull(channel.history()).rule();
    String name = cause == null ? null : cause.wireName();
    shared.presence().note(channel.app().id(), channel.name(), rule, userId, name);
  }

  /// A user's last connection to another node has left.
  void leftElsewhere(Channel channel) {
    if (store instanceof SharedStore shared) {
      HistoryRule rule =
          HistoryRule.first(channel.app().current().history(), channel.name().value());
      if (rule != null && isShared(rule)) {
        shared.presence().leftElsewhere(channel.app().id(), channel.name(), rule);
      }
    }
  }

  /// A user's last connection has left.
  void left(Channel channel, String userId, LeaveCause cause, long nowNs) {
    if (!store.isShared() && isKept(channel)) {
      append(channel, PresenceEvents.left(channel.name(), userId, cause.wireName()), nowNs);
    }
  }

  private static boolean isShared(HistoryRule rule) {
    return rule.presenceEvents() && rule.store() == HistoryRule.Store.SHARED;
  }

  /// A copy of the ids of those with a connection to this node.
  private static List<String> localUsers(Channel channel) {
    List<String> users = new ArrayList<>();
    Roster roster = channel.roster();
    if (roster != null) {
      roster.localMembers().forEach(member -> users.add(member.userId()));
    }
    return users;
  }

  /// Passes on which users of a presence channel are connected to this node, while no user joins or
  /// leaves; null if no joins and leaves are kept with other nodes. Any thread.
  public static void present(
      Channels channels, LiveApp app, ChannelName name, Consumer<@Nullable Collection<String>> to) {
    channels.begin(
        app,
        name.value(),
        channel -> {
          HistoryRule rule = HistoryRule.first(app.current().history(), name.value());
          to.accept(rule != null && isShared(rule) ? localUsers(channel) : null);
        });
  }

  private static boolean isKept(Channel channel) {
    History history = channel.history();
    return history != null && history.rule().presenceEvents();
  }

  private void append(Channel channel, Publication publication, long nowNs) {
    EventLog log = open(channel);
    if (log != null) {
      var _ = log.append(publication, channel.nextSequence(), nowNs);
    }
  }

  /// Null if nothing is kept.
  private @Nullable EventLog open(Channel channel) {
    History history = channel.history();
    if (history == null || !history.rule().presenceEvents() || !channel.name().hasMembers()) {
      return null;
    }
    EventLog known = history.presence();
    if (known != null) {
      return known;
    }
    App app = channel.app().current();
    EventLog fresh = store.openPresence(app, channel.name(), history.rule());
    if (fresh != null) {
      channel.raiseSequence(fresh.floor());
      channel.replaceHistory(new History(history.rule(), history.log(), fresh));
    }
    return fresh;
  }

  /// Applies a changed rule.
  ///
  /// @return null if nothing is kept any more
  @Nullable EventLog apply(Channel channel, History before, HistoryRule rule, long nowNs) {
    EventLog log = before.presence();
    if (!rule.presenceEvents()) {
      close(channel, before);
      return null;
    }
    if (log != null) {
      log.apply(rule, nowNs);
    }
    return log;
  }

  /// Drops what is in memory.
  void close(Channel channel, History history) {
    EventLog log = history.presence();
    if (log != null) {
      var _ = log.close();
    }
    if (store instanceof SharedStore shared
        && history.rule().presenceEvents()
        && channel.localSubscribers() > 0) {
      shared.presence().forget(channel.app().id(), channel.name());
    }
  }

  /// Drops everything that a channel has kept; null if that is nothing. Also what a file has from
  /// the time when the rule said so.
  @Nullable Purge purge(Channel channel, HistoryRule rule, long nowNs) {
    if (!channel.name().hasMembers()) {
      return null;
    }
    if (store instanceof SharedStore shared) {
      return shared.presence().purge(channel.app().id(), channel.name(), rule, nowNs);
    }
    EventLog log = open(channel);
    if (log == null && rule.store() != HistoryRule.Store.MEMORY) {
      log = store.openPresence(channel.app().current(), channel.name(), rule);
    }
    return log == null ? null : log.purge(false, nowNs);
  }

  /// Drops what is kept of a user in all channels. Any thread.
  Purge purgeUser(App app, String userId, long nowNs) {
    return store instanceof SharedStore shared
        ? shared.presence().purgeUser(app.id(), userId)
        : store.purgeUser(app, userId, nowNs);
  }

  /// Opens what an earlier process kept of a channel. Any thread.
  public static void reopen(Channels channels, LiveApp app, ChannelName name) {
    channels.begin(
        app,
        name.value(),
        channel -> {
          Retention retention = channels.retention();
          retention.apply(channel, channels.clock.nanoTime());
          var _ = retention.presence().open(channel);
        });
  }

  /// Some joins and leaves of a channel; fails if none are kept. Any thread; may block.
  public static Parsed<HistoryPage> page(
      Channels channels, App app, ChannelName name, HistoryPage.Query query) {
    return switch (channels.retention().rule(app, name)) {
      case Parsed.Bad<HistoryRule> bad -> new Parsed.Bad<>(bad.reason());
      case Parsed.Ok<HistoryRule>(HistoryRule rule) ->
          rule.presenceEvents()
              ? new Parsed.Ok<>(channels.retention().presence().read(channels, app, name, query))
              : new Parsed.Bad<>(
                  "presence_events is off in the history rule of channel " + name.value());
    };
  }

  private HistoryPage read(Channels channels, App app, ChannelName name, HistoryPage.Query query) {
    long nowNs = channels.clock.nanoTime();
    Channel channel = channels.find(app, name.value());
    History history = channel == null ? null : channel.history();
    EventLog log = history == null ? null : history.presence();
    HistoryRule rule = HistoryRule.first(app.history(), name.value());
    if (store instanceof SharedStore shared && rule != null) {
      return shared.presence().page(app.id(), name, rule, query, nowNs);
    }
    if (log == null && rule != null && rule.store() != HistoryRule.Store.MEMORY) {
      log = store.openPresence(app, name, rule);
    }
    return log == null ? HistoryPage.empty(query) : log.page(query, nowNs);
  }
}
