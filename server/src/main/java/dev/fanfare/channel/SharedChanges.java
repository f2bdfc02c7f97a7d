package dev.fanfare.channel;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.presence.Roster;
import java.util.concurrent.TimeUnit;

/// Passes the changes of this node that concern others to the bus, in the order of decision. Not
/// needed on a node without a bus.
public record SharedChanges(Bus bus) implements ChangeListener {

  @Override
  public void onChange(Change change) {
    switch (change) {
      case Change.Kept kept -> onKept(kept);
      case Change.Joined joined -> onJoined(joined);
      case Change.Left left -> onLeft(left);
      case Change.Occupied _,
          Change.Vacated _,
          Change.MemberAdded _,
          Change.MemberRemoved _,
          Change.Counted _,
          Change.CacheMissed _,
          Change.CacheForgotten _,
          Change.ClientEvent _ -> {}
    }
  }

  private void onKept(Change.Kept kept) {
    Elsewhere elsewhere = kept.channel().elsewhere();
    if (!kept.isRemote() && elsewhere != null) {
      int ttlSeconds = kept.app().limits().cacheTtlSeconds();
      bus.publish(
          new BusMessage.Kept(
              kept.app().id(),
              kept.event().publication(),
              elsewhere.versions().highest(),
              TimeUnit.SECONDS.toMillis(ttlSeconds),
              false,
              kept.trace()));
    }
  }

  private void onJoined(Change.Joined joined) {
    publishInterest(joined);
    if (joined.member() != null) {
      bus.publish(new BusMessage.Joined(joined.app().id(), joined.name(), joined.member()));
    }
  }

  private void onLeft(Change.Left left) {
    String userId = left.subscription().userId();
    if (left.isLastOfUser() && userId != null) {
      bus.publish(new BusMessage.Left(left.app().id(), left.name(), userId, left.isHandedOver()));
    }
    publishInterest(left);
  }

  private void publishInterest(Change change) {
    publishInterest(change.channel());
  }

  private void publishInterest(Channel channel) {
    Elsewhere elsewhere = channel.elsewhere();
    if (elsewhere != null) {
      bus.publish(
          new BusMessage.Interest(
              channel.app().id(),
              channel.name().value(),
              channel.localSubscribers(),
              elsewhere.sinceNs()));
    }
  }

  /// Publishes again all that this node owns of a channel. The channel's entry is held.
  public void restate(Channel channel) {
    publishInterest(channel);
    Roster roster = channel.roster();
    if (roster != null) {
      String appId = channel.app().id();
      String name = channel.name().value();
      roster
          .localMembers()
          .forEach(member -> bus.publish(new BusMessage.Joined(appId, name, member)));
    }
  }
}
