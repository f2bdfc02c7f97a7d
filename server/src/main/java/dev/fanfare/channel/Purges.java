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
import org.jspecify.annotations.Nullable;

/// Purges what channels keep under a rule: readers do not get it any more, and there is no notice
/// of a gap. Any thread.
public final class Purges {

  private final Channels channels;

  public Purges(Channels channels) {
    this.channels = channels;
  }

  /// Purges a channel; fails if no rule covers it. Positions of readers stay, since they do not
  /// miss later events.
  public Parsed<Purge> channel(LiveApp live, ChannelName name) {
    Parsed<HistoryRule> rule = channels.retention().rule(live.current(), name);
    Purge purge = rule instanceof Parsed.Ok ? purge(live, name, false) : null;
    return purge == null ? Retention.uncovered(name) : new Parsed.Ok<>(purge);
  }

  /// Purges the channels of a user, with the positions of their readers, and forgets where the user
  /// may resume.
  public List<Purge> user(LiveApp live, String userId) {
    List<Purge> purges = new ArrayList<>(2);
    for (ChannelName name : channelsOf(live.current(), userId)) {
      Purge purge = purge(live, name, true);
      if (purge != null) {
        purges.add(purge);
      }
    }
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

  private @Nullable Purge purge(LiveApp live, ChannelName name, boolean withReaders) {
    @Nullable Purge[] purge = new Purge[1];
    channels.begin(
        live,
        name.value(),
        channel ->
            purge[0] = channels.retention().purge(channel, withReaders, channels.clock.nanoTime()));
    return purge[0];
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
