package dev.fanfare.channel;

import dev.fanfare.presence.Roster;
import java.util.concurrent.atomic.LongAdder;

/// How many channels, subscriptions and members one app has on this node. Counted where they
/// change, so that reading them costs the same however many there are. Any thread.
public final class Population {

  private static final ChannelKind[] KINDS = ChannelKind.values();

  /// The channels of one kind that are cache channels, or of those that are not.
  private static final class Group {
    private final LongAdder channels = new LongAdder();
    private final LongAdder subscriptions = new LongAdder();
  }

  private final Group[] plain = groups();
  private final Group[] cached = groups();
  private final LongAdder members = new LongAdder();

  private static Group[] groups() {
    Group[] groups = new Group[KINDS.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = new Group();
    }
    return groups;
  }

  /// Channels with subscribers.
  public long channels(ChannelKind kind, boolean isCached) {
    return group(kind, isCached).channels.sum();
  }

  public long subscriptions(ChannelKind kind, boolean isCached) {
    return group(kind, isCached).subscriptions.sum();
  }

  /// The sum of the distinct users of each presence channel.
  public long members() {
    return members.sum();
  }

  /// A connection was counted in. Only while the channel's entry is held.
  void joined(Channel channel, Channel.Arrival arrival) {
    Group group = group(channel);
    group.subscriptions.increment();
    if (channel.localSubscribers() == 1) {
      group.channels.increment();
    }
    if (arrival.user() == Roster.Arrival.FIRST || arrival.user() == Roster.Arrival.FIRST_HERE) {
      members.increment();
    }
  }

  /// A connection was counted out. Only while the channel's entry is held.
  void left(Channel channel, Channel.Exit exit) {
    Group group = group(channel);
    group.subscriptions.decrement();
    if (channel.localSubscribers() == 0) {
      group.channels.decrement();
    }
    if (exit.member() != null) {
      members.decrement();
    }
  }

  private Group group(Channel channel) {
    return group(ChannelKind.of(channel.name()), channel.name().isCached());
  }

  @SuppressWarnings("EnumOrdinal") // an index into arrays of this process only
  private Group group(ChannelKind kind, boolean isCached) {
    return (isCached ? cached : plain)[kind.ordinal()];
  }
}
