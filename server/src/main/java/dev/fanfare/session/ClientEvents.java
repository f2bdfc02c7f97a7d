package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.Excerpt;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Handles client events: each is relayed to the channel's other subscribers, or refused with the
/// first reason that applies, in the order of section 3.
public final class ClientEvents {

  private static final int RATE_LIMIT_CODE = 4301;
  private static final int OVER_CAPACITY_CODE = 4100;

  private final Channels channels;
  private final Publisher publisher;
  private final ServerListener listener;
  private final Shedding shedding;

  /// @param shedding may refuse publishes
  public ClientEvents(
      Channels channels, Publisher publisher, ServerListener listener, Shedding shedding) {
    this.channels = channels;
    this.publisher = publisher;
    this.listener = listener;
    this.shedding = shedding;
  }

  void onClientEvent(Session session, ClientEvent message) {
    Subscription subscription = session.subscription(message.channel());
    if (check(session.app(), subscription, message) instanceof Parsed.Bad(String reason)) {
      session.refuse(reason);
      return;
    }
    if (!session.takeClientEvent()) {
      listener.on(new Observation.QuotaExceeded(session.app(), Quota.CLIENT_EVENTS));
      session.refuseWithCode(RATE_LIMIT_CODE, tooMany(session.app().limits()));
      return;
    }
    relay(session, Objects.requireNonNull(subscription), message);
  }

  private static String tooMany(Limits limits) {
    return "Client event rejected due to rate limit: 0 of "
        + limits.maxClientEventsPerSecond()
        + " per second are left (max_client_events_per_second)";
  }

  private void relay(Session session, Subscription subscription, ClientEvent message) {
    if (shedding.check(Level.PUBLISHES) instanceof Parsed.Bad(String overload)) {
      session.refuseWithCode(OVER_CAPACITY_CODE, "Client event rejected: " + overload);
      return;
    }
    String socketId = session.connection().socketId();
    String userId = subscription.userId();
    ChannelName channel = subscription.channelName();
    Publication publication =
        new Publication(channel, message.event(), message.data(), userId, socketId, Origin.CLIENT);
    channels.announce(subscription);
    if (publisher.relay(session.live(), subscription, publication)
        instanceof Parsed.Bad(String full)) {
      session.refuseWithCode(OVER_CAPACITY_CODE, "Client event rejected: " + full);
      return;
    }
    listener.clientEvent(
        session.app(),
        channel.value(),
        message.event(),
        session.connection(),
        subscription.localSubscribers());
  }

  /// Fails if there is no subscription, too.
  private static Parsed<Parsed.Passed> check(
      App app, @Nullable Subscription subscription, ClientEvent message) {
    if (!app.options().clientEvents()) {
      return new Parsed.Bad<>(
          "To send client events, you must enable this feature in the Settings page of your"
              + " dashboard. (here: client_events of the app, FANFARE_APP_CLIENT_EVENTS)");
    }
    if (subscription == null) {
      return new Parsed.Bad<>(
          "Cannot broadcast client event (connection not subscribed to channel "
              + Excerpt.of(message.channel())
              + ")");
    }
    ChannelName channel = subscription.channelName();
    if (!channel.needsAuth()) {
      return new Parsed.Bad<>(
          "Client event rejected - only supported on private and presence channels");
    }
    if (channel.isEncrypted()) {
      return new Parsed.Bad<>("Client event rejected - not supported on encrypted channels");
    }
    return checkSize(app.limits(), message);
  }

  private static Parsed<Parsed.Passed> checkSize(Limits limits, ClientEvent message) {
    int chars = message.event().length();
    if (chars > limits.maxEventNameChars()) {
      return new Parsed.Bad<>(
          "Client event rejected: its name has "
              + chars
              + " characters, the limit is "
              + limits.maxEventNameChars()
              + " (max_event_name_chars)");
    }
    int limit = limits.maxEventBytes();
    String data = message.data();
    if (!message.isCut() && !Utf8.isLongerThan(data, limit)) {
      return Parsed.PASSED;
    }
    return new Parsed.Bad<>(
        "Client event rejected: its data has "
            + (message.isCut()
                ? "more than " + limit
                : data.getBytes(StandardCharsets.UTF_8).length)
            + " bytes, the limit is "
            + limit
            + " (max_event_bytes)");
  }
}
