package dev.fanfare.app;

import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which channels of an app keep their events, for how long, and what a new subscriber gets of
/// them. The strictest of the three limits on what is kept applies.
///
/// @param channels the channels that it covers
/// @param store where events are kept
/// @param replay what a new subscriber gets
/// @param keepEvents per channel
/// @param keepSeconds age up to which an event is kept
/// @param keepBytes per channel, as [dev.fanfare.protocol.Publication]s take on the heap
/// @param rewindEvents the most that a new subscriber gets
/// @param rewindSeconds age up to which a new subscriber gets events, 0 for any
/// @param resumeSeconds how long a subscriber that went away may come back and get what it missed
/// @param replayEvents the most events that one subscription gets of those that it missed
/// @param newReader what a device of a mailbox gets that was never seen
/// @param identify by what a subscriber that was away is recognised, the first that is known of it
/// @param clientEvents clients' events are kept too
/// @param presenceEvents joins and leaves of users are kept beside the events, by the same limits
/// @param eventIds subscribers receive the id of a kept event
/// @param idInData the member of `data` in which they receive it too; empty for none
@RecordBuilder
public record HistoryRule(
    ChannelFilter channels,
    Store store,
    Replay replay,
    int keepEvents,
    int keepSeconds,
    int keepBytes,
    int rewindEvents,
    int rewindSeconds,
    int resumeSeconds,
    int replayEvents,
    NewReader newReader,
    List<Trait> identify,
    boolean clientEvents,
    boolean presenceEvents,
    boolean eventIds,
    String idInData)
    implements HistoryRuleBuilder.With {

  /// Where events are kept.
  public enum Store {
    /// On the heap of this process: lost when it stops.
    MEMORY,
    /// In files of this node.
    DISK,
    /// In the engine of the cluster, for all nodes.
    SHARED
  }

  /// What a new subscriber gets of what is kept.
  public enum Replay {
    /// Nothing: events are kept for the HTTP API only.
    NONE,
    /// What it missed, if it is recognised and comes back in time; else the last events.
    REWIND,
    /// What it missed, if it is recognised and comes back in time.
    RESUME,
    /// What it has not confirmed yet, however long it was away.
    MAILBOX
  }

  /// What a device of a mailbox gets that was never seen.
  public enum NewReader {
    /// Everything that is kept.
    ALL,
    /// What no other reader has confirmed.
    SHARED,
    /// Nothing.
    NONE
  }

  /// By what a subscriber that was away may be recognised.
  public enum Trait {
    /// The tag that the client appends to the key of its app.
    TAG,
    /// `device` in the signed `channel_data`.
    DATA,
    /// The user of a presence channel, of `channel_data`, or the signed-in user.
    USER,
    /// A cookie that the handshake sets.
    COOKIE,
    /// The source address, with the name of the client's library.
    ADDRESS
  }

  /// Keeps what the defaults of the configuration keep, in every channel.
  public static final HistoryRule DEFAULTS =
      HistoryRuleBuilder.builder()
          .channels(ChannelFilter.ALL)
          .store(Store.MEMORY)
          .replay(Replay.RESUME)
          .keepEvents(100)
          .keepSeconds(600)
          .keepBytes(1_048_576)
          .rewindEvents(10)
          .rewindSeconds(0)
          .resumeSeconds(120)
          .replayEvents(100)
          .newReader(NewReader.ALL)
          .identify(List.of(Trait.TAG, Trait.DATA, Trait.USER))
          .clientEvents(false)
          .presenceEvents(false)
          .eventIds(true)
          .idInData("")
          .build();

  public HistoryRule {
    identify = List.copyOf(identify);
  }

  /// How long the rules recognise subscribers by that, seconds: the longest of them; 0 for never.
  public static int recognisedSeconds(List<HistoryRule> rules, Trait trait) {
    int seconds = 0;
    for (HistoryRule rule : rules) {
      if (rule.resumes() && rule.identify.contains(trait)) {
        seconds = Math.max(seconds, rule.resumeSeconds);
      }
    }
    return seconds;
  }

  /// The first of the rules that covers a channel, or null.
  public static @Nullable HistoryRule first(List<HistoryRule> rules, String channel) {
    for (HistoryRule rule : rules) {
      if (rule.channels.matches(channel)) {
        return rule;
      }
    }
    return null;
  }

  /// True if a subscriber that is recognised gets what it missed.
  public boolean resumes() {
    return replay == Replay.MAILBOX || (replay != Replay.NONE && resumeSeconds > 0);
  }

  /// False if it covers no presence channel.
  public boolean mayCoverPresence() {
    String prefix = channels.prefix();
    return prefix.startsWith(ChannelName.PRESENCE_PREFIX)
        || ChannelName.PRESENCE_PREFIX.startsWith(prefix);
  }

  /// True if the event is kept.
  public boolean keeps(Publication event) {
    return (clientEvents || event.origin() == Origin.HTTP) && event.keepSeconds() != 0;
  }
}
