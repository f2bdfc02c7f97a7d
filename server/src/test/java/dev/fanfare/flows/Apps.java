package dev.fanfare.flows;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import java.util.function.UnaryOperator;

/// Apps that differ from the usual one in a single thing.
final class Apps {

  private Apps() {}

  static App with(App app, UnaryOperator<Limits> change) {
    return new App(app.id(), app.key(), app.secret(), app.options(), change.apply(app.limits()));
  }

  static App with(App app, AppOptions options) {
    return new App(app.id(), app.key(), app.secret(), options, app.limits());
  }

  static App another(String id, AppOptions options) {
    return new App(id, "key" + id, new Secret("secret" + id), options, Limits.HOSTED);
  }

  static Limits maxConnections(Limits l, int max) {
    return limits(l, max, l.maxSubscriptions(), l.maxPresenceMembers(), l.maxWatchlist());
  }

  static Limits maxSubscriptions(Limits l, int max) {
    return limits(l, l.maxConnections(), max, l.maxPresenceMembers(), l.maxWatchlist());
  }

  static Limits maxPresenceMembers(Limits l, int max) {
    return limits(l, l.maxConnections(), l.maxSubscriptions(), max, l.maxWatchlist());
  }

  static Limits maxWatchlist(Limits l, int max) {
    return limits(l, l.maxConnections(), l.maxSubscriptions(), l.maxPresenceMembers(), max);
  }

  private static Limits limits(
      Limits l, int connections, int subscriptions, int members, int watchlist) {
    return new Limits(
        connections,
        subscriptions,
        l.maxChannelNameChars(),
        l.maxEventNameChars(),
        l.maxEventBytes(),
        l.maxChannelsPerEvent(),
        l.maxBatchEvents(),
        l.maxClientEventsPerSecond(),
        members,
        l.maxPresenceMemberBytes(),
        l.maxUserIdChars(),
        watchlist,
        l.cacheTtlSeconds());
  }
}
