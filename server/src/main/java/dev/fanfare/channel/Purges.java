package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelPattern;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.history.Purge;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.List;

/// Purges what channels keep under a rule: readers do not get it any more, and there is no notice
/// of a gap. Any thread.
public final class Purges {

  private final Channels channels;

  public Purges(Channels channels) {
    this.channels = channels;
  }

  /// Purges a channel; fails if no rule covers it. Positions of readers stay, since they do not
  /// miss later events.
  public Parsed<List<Purge>> channel(LiveApp live, ChannelName name) {
    Parsed<HistoryRule> rule = channels.retention().rule(live.current(), name);
    List<Purge> purges = rule instanceof Parsed.Ok ? purge(live, name, false) : List.of();
    return purges.isEmpty() ? Retention.uncovered(name) : new Parsed.Ok<>(purges);
  }

  /// Purges the channels of a user, with the positions of their readers, and the user's joins and
  /// leaves in all channels, and forgets where the user may resume.
  public List<Purge> user(LiveApp live, String userId) {
    List<Purge> purges = new ArrayList<>(2);
    for (ChannelName name : channelsOf(live.current(), userId)) {
      purges.addAll(purge(live, name, true));
    }
    PresenceLogs presence = channels.retention().presence();
    purges.add(presence.purgeUser(live.current(), userId, channels.clock.nanoTime()));
    channels.retention().forgetUser(live.current(), userId);
    return purges;
  }

  /// Fails, without a full stop, if too much waits to be written to the files of the app's rules.
  public Parsed<Parsed.Passed> checkRoom(App app) {
    for (HistoryRule rule : app.history()) {
      Parsed<Parsed.Passed> room = channels.retention().checkRoom(rule);
      if (room instanceof Parsed.Bad) {
        return room;
      }
    }
    return Parsed.PASSED;
  }

  private List<Purge> purge(LiveApp live, ChannelName name, boolean withReaders) {
    List<Purge> purges = new ArrayList<>(2);
    channels.begin(
        live,
        name.value(),
        channel ->
            purges.addAll(
                channels.retention().purge(channel, withReaders, channels.clock.nanoTime())));
    return purges;
  }

  /// The channels under rules that belong to a user: that of the signed-in user, and for each rule
  /// with mailboxes the one whose name is the prefix of the rule, the user's id and the suffix.
  static List<ChannelName> channelsOf(App app, String userId) {
    List<ChannelName> found = new ArrayList<>(2);
    String signedIn = ChannelName.USER_PREFIX + userId;
    if (HistoryRule.first(app.history(), signedIn) != null) {
      add(signedIn, found);
    }
    for (HistoryRule rule : app.history()) {
      String prefix = rule.channels().prefix();
      String name = prefix + userId + rule.channels().suffix();
      if (rule.replay() == HistoryRule.Replay.MAILBOX
          && !prefix.isEmpty()
          && rule.channels().pattern().equals(ChannelPattern.ANY)
          && !name.equals(signedIn)
          && rule.equals(HistoryRule.first(app.history(), name))) {
        add(name, found);
      }
    }
    return found;
  }

  private static void add(String name, List<ChannelName> found) {
    if (ChannelName.parse(name, Integer.MAX_VALUE) instanceof Parsed.Ok<ChannelName> ok) {
      found.add(ok.value());
    }
  }
}
