package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.auth.ClientAuth;
import dev.fanfare.auth.Refusal;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Join;
import dev.fanfare.channel.LeaveCause;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.ReplayRequest;
import dev.fanfare.history.Rewind;
import dev.fanfare.history.Traits;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import dev.fanfare.protocol.Excerpt;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Handles `pusher:subscribe` and `pusher:unsubscribe` (section 2). A refusal never closes the
/// connection.
public final class Subscribing {

  private static final Logger log = Component.CONNECTIONS.logger();

  private final Channels channels;
  private final ServerListener listener;
  private final Shedding shedding;

  /// @param shedding may refuse subscriptions
  public Subscribing(Channels channels, ServerListener listener, Shedding shedding) {
    this.channels = channels;
    this.listener = listener;
    this.shedding = shedding;
  }

  void onUnsubscribe(Session session, Unsubscribe message) {
    Subscription subscription = session.removeSubscription(message.channel());
    if (subscription == null) {
      session.refuse(
          "No current subscription to channel "
              + Excerpt.of(message.channel())
              + ", or subscription in progress");
      return;
    }
    drop(session, subscription);
  }

  /// Leaves a channel because the connection has closed; a failure halfway is completed by a second
  /// attempt.
  void leave(Session session, Subscription subscription, int closeCode) {
    LeaveCause cause = LeaveCause.of(closeCode);
    try {
      Acknowledgement acknowledgement = session.acknowledgement();
      if (acknowledgement != null) {
        acknowledgement.depart(subscription, session.context().clock().nanoTime());
      }
      drop(session, subscription, cause);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      if (LineBudget.FAULTS.permits(log)) {
        String socketId = session.connection().socketId();
        log.error("connection {} failed to leave a channel cleanly", socketId, e);
      }
      drop(
          session,
          subscription,
          cause); // counts nothing twice, so what failed before is not repeated
    }
  }

  /// The connection goes on without the subscription. Idempotent.
  void drop(Session session, Subscription subscription) {
    drop(session, subscription, LeaveCause.CLOSED);
  }

  private void drop(Session session, Subscription subscription, LeaveCause cause) {
    try {
      channels.leave(subscription, cause);
    } finally {
      session.connection().lane().onLeave(subscription);
    }
  }

  void onSubscribe(Session session, Subscribe message) {
    int maxChars = session.app().limits().maxChannelNameChars();
    switch (ChannelName.parse(message.channel(), maxChars)) {
      case Parsed.Bad<ChannelName> bad ->
          session.refuseSubscription(message.channel(), Refusal.channel(bad.reason()));
      case Parsed.Ok<ChannelName> ok -> onSubscribe(session, ok.value(), message);
    }
  }

  private void onSubscribe(Session session, ChannelName name, Subscribe message) {
    String channel = name.value();
    if (session.subscription(channel) != null) {
      session.refuse("Existing subscription to channel " + channel);
      return;
    }
    Refusal refusal = check(session, name, message);
    if (refusal != null) {
      session.refuseSubscription(channel, refusal);
      return;
    }
    if (!name.hasMembers()) {
      join(session, name, null, message.channelData());
      return;
    }
    switch (member(session, message.channelData())) {
      case Parsed.Bad<Member> bad ->
          session.refuseSubscription(channel, Refusal.data(bad.reason()));
      case Parsed.Ok<Member> ok -> join(session, name, ok.value(), message.channelData());
    }
  }

  private @Nullable Refusal check(Session session, ChannelName name, Subscribe message) {
    if (shedding.check(Level.SUBSCRIPTIONS) instanceof Parsed.Bad(String overload)) {
      return Refusal.overload(overload);
    }
    App app = session.app();
    int limit = app.limits().maxSubscriptions();
    if (limit > 0 && session.subscriptionCount() >= limit) {
      return full(
          session,
          Quota.SUBSCRIPTIONS,
          "This connection has " + session.subscriptionCount() + " subscriptions",
          limit);
    }
    if (name.isUser()) {
      SignedInUser user = session.user();
      return user != null && user.id().equals(name.userId())
          ? null
          : Refusal.auth("The connection is not signed in as the user of " + name.value());
    }
    return ClientAuth.check(app, session.connection().socketId(), name, message);
  }

  /// The joining member: from `channel_data` if present, else the signed-in user (section 2.5).
  private static Parsed<Member> member(Session session, @Nullable String channelData) {
    if (channelData != null) {
      return Member.parse(channelData, session.app().limits());
    }
    SignedInUser user = session.user();
    if (user == null) {
      return new Parsed.Bad<>(
          "channel_data is missing: a presence channel needs it unless the connection is signed"
              + " in");
    }
    return switch (user.member()) {
      case Parsed.Bad<Member> bad -> bad;
      case Parsed.Ok<Member> ok -> Member.check(ok.value(), session.app().limits());
    };
  }

  /// What is known about the replay for a subscriber; null if the app keeps nothing.
  ///
  /// @param channelData signed if the channel needs that
  private static @Nullable ReplayRequest request(
      Session session, ChannelName name, @Nullable Member member, @Nullable String channelData) {
    if (session.app().history().isEmpty()) {
      return null;
    }
    String signed = name.needsAuth() ? channelData : null;
    SignedInUser user = session.user();
    String userId = member != null ? member.userId() : user == null ? null : user.id();
    Introduction client = session.introduction();
    Traits traits = new Traits(client.tag(), signed, userId, client.cookie(), client.address());
    return new ReplayRequest(Rewind.read(signed), traits);
  }

  private void join(
      Session session, ChannelName name, @Nullable Member member, @Nullable String channelData) {
    Connection connection = session.connection();
    ReplayRequest request = request(session, name, member, channelData);
    switch (channels.join(session.live(), name, connection, member, request)) {
      case Join.Full full ->
          session.refuseSubscription(
              name.value(),
              full(
                  session,
                  Quota.PRESENCE_MEMBERS,
                  "Presence channel "
                      + name.value()
                      + " is full: it has "
                      + full.limit()
                      + " members",
                  full.limit()));
      case Join.Joined joined -> {
        session.subscribed(joined);
        connection.send(new ServerMessage.SubscriptionSucceeded(name.value(), joined.members()));
        if (joined.gap() != null) {
          connection.send(joined.gap().message(name));
        }
        if (joined.kept() != null) {
          connection.send(joined.kept().message());
        } else if (name.isCached() && joined.replay() == null) {
          connection.send(new ServerMessage.CacheMiss(name.value()));
        }
      }
    }
  }

  private Refusal full(Session session, Quota quota, String what, int limit) {
    listener.on(new Observation.QuotaExceeded(session.app(), quota));
    return Refusal.limit(what + ", the limit is " + limit + " (" + quota.setting() + ")");
  }
}
