package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.auth.ClientAuth;
import dev.fanfare.auth.Refusal;
import dev.fanfare.channel.CachedEvent;
import dev.fanfare.channel.Join;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Handles `pusher:subscribe` (section 2). A refusal never closes the connection.
final class Subscribing {

  private Subscribing() {}

  static void onSubscribe(Session session, Subscribe message) {
    int maxChars = session.app().limits().maxChannelNameChars();
    switch (ChannelName.parse(message.channel(), maxChars)) {
      case Parsed.Bad<ChannelName> bad ->
          session.refuse(message.channel(), Refusal.channel(bad.reason()));
      case Parsed.Ok<ChannelName> ok -> onSubscribe(session, ok.value(), message);
    }
  }

  private static void onSubscribe(Session session, ChannelName name, Subscribe message) {
    String channel = name.value();
    if (session.subscription(channel) != null) {
      session.refuse(null, "Existing subscription to channel " + channel);
      return;
    }
    Refusal refusal = check(session, name, message);
    if (refusal != null) {
      session.refuse(channel, refusal);
      return;
    }
    if (!name.hasMembers()) {
      join(session, name, null);
      return;
    }
    switch (member(session, message.channelData())) {
      case Parsed.Bad<Member> bad -> session.refuse(channel, Refusal.data(bad.reason()));
      case Parsed.Ok<Member> ok -> join(session, name, ok.value());
    }
  }

  private static @Nullable Refusal check(Session session, ChannelName name, Subscribe message) {
    String overload = session.services().shedding().refusal(Level.SUBSCRIPTIONS);
    if (overload != null) {
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

  private static void join(Session session, ChannelName name, @Nullable Member member) {
    Connection connection = session.connection();
    switch (session.services().channels().join(session.live(), name, connection, member)) {
      case Join.Full full ->
          session.refuse(
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
        session.subscribed(joined.subscription());
        connection.send(new ServerMessage.SubscriptionSucceeded(name.value(), joined.members()));
        if (name.isCached()) {
          connection.send(cachedOrMiss(name.value(), joined.cached()));
        }
      }
    }
  }

  private static Refusal full(Session session, Quota quota, String what, int limit) {
    session.services().listener().quotaExceeded(session.app(), quota);
    return Refusal.limit(what + ", the limit is " + limit + " (" + quota.setting() + ")");
  }

  private static ServerMessage cachedOrMiss(String channel, @Nullable CachedEvent cached) {
    return cached == null
        ? new ServerMessage.CacheMiss(channel)
        : new ServerMessage.Event(channel, cached.event(), cached.data(), null);
  }
}
