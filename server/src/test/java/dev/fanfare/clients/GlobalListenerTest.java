package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.connection.impl.InternalConnection;
import dev.fanfare.app.App;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The Flutter and React Native plugins bind a global listener to every channel, and their listener
/// reads the properties of every event as strings. Versions 2.3.0-beta and 2.4.0 of the client
/// crash there if a frame with a `channel` has `data` that is not a string.
@GlobalListenerClients
final class GlobalListenerTest {

  /// Without subscription counts: version 2.4.0 crashes on the frame of the hosted service.
  private static final App APP =
      TestNode.APP
          .withOptions(TestNode.APP.options().withSubscriptionCounts(false))
          .withLimits(
              Limits.HOSTED
                  .withMaxClientEventsPerSecond(1)
                  .withMaxPresenceMembers(1)
                  .withMaxSubscriptions(3)
                  .withMaxWatchlist(1));

  /// A message and a part of the error that answers it.
  private record Refused(String message, String error) {}

  @Test
  void everyRefusalLeavesTheClientAlive() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Device ben = Device.connected(node, backend, "ben");
        Device anna = Device.connected(node, backend, "anna")) {
      ben.subscribed("presence-full");
      ChannelLog news = anna.subscribed("news");
      anna.pusher().getChannel("news").bindGlobal(news);
      ChannelLog room = anna.subscribed("private-room");
      anna.pusher().getPrivateChannel("private-room").bindGlobal(room);
      ChannelLog safe = anna.subscribed("private-encrypted-safe");
      anna.pusher().getPrivateEncryptedChannel("private-encrypted-safe").bindGlobal(safe);

      for (Refused refused : subscriptions(anna)) {
        expectRefusal(anna, refused);
      }
      send(anna, unsubscribe("private-encrypted-safe"));
      for (Refused refused : withinSubscriptionLimit(anna)) {
        expectRefusal(anna, refused);
      }
      for (Refused refused : otherMessages(anna)) {
        expectRefusal(anna, refused);
      }

      backend.publish("news", "headline", 1);
      news.skipTo("headline: 1");
      backend.publish("private-room", "greeting", 2);
      room.skipTo("greeting: 2");
      assertThat(anna.pusher().getConnection().getState()).isEqualTo(CONNECTED);
      assertThat(anna.connection().stateChanges()).as("connecting, connected").isEqualTo(2);
    }
  }

  private static List<Refused> subscriptions(Device device) {
    return List.of(
        new Refused(subscribe("news", null, null), "Existing subscription to channel news"),
        new Refused(subscribe("private-room", "x", null), "channel private-room"),
        new Refused(subscribe("private-encrypted-safe", "x", null), "Existing subscription"),
        new Refused(subscribe("one-more", null, null), "max_subscriptions"),
        new Refused(subscribe("a b", null, null), "Invalid channel name 'a b'"),
        new Refused(subscribe("x".repeat(201), null, null), "max_channel_name_chars"),
        new Refused(
            "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":7}}", "Expected parameter"),
        new Refused("{\"event\":\"pusher:subscribe\"}", "Expected parameter data to be a hash"),
        new Refused(unsubscribe("gone"), "No current subscription to channel gone"),
        new Refused(presence(device, "presence-x", "{}"), "max_subscriptions"));
  }

  private static List<Refused> withinSubscriptionLimit(Device device) {
    return List.of(
        new Refused(subscribe("private-x", null, null), "Auth info required"),
        new Refused(subscribe("private-x", "no-colon", null), "format 'key:signature'"),
        new Refused(subscribe("private-x", "other:00", null), "Invalid key in subscription"),
        new Refused(subscribe("private-x", APP.key() + ":00", null), "Invalid signature"),
        new Refused(
            subscribe("private-encrypted-x", APP.key() + ":00", null), "private-encrypted-x"),
        new Refused(
            "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\",\"auth\":5}}",
            "Expected parameter auth to be a string"),
        new Refused(subscribe("#server-to-user-anna", null, null), "not signed in as the user"),
        new Refused(presence(device, "presence-x", "anna"), "channel_data is invalid"),
        new Refused(
            presence(device, "presence-full", "{\"user_id\":\"anna\"}"), "max_presence_members"));
  }

  private static List<Refused> otherMessages(Device device) {
    return List.of(
        new Refused("no JSON", "Invalid JSON"),
        new Refused("{}", "it has no event"),
        new Refused("{\"event\":\"pusher:nonsense\"}", "Unsupported event"),
        new Refused(trigger("news", "client-e"), "only supported on private and presence"),
        new Refused(trigger("private-gone", "client-e"), "channel private-gone"),
        new Refused(trigger("private-room", "client-" + "e".repeat(200)), "max_event_name_chars"),
        new Refused("{\"event\":\"client-e\",\"channel\":7}", "must contain channel and data"),
        new Refused(
            "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"x\",\"user_data\":\"{}\"}}",
            "4009 Auth value for signin"),
        new Refused(signIn(device, "{}"), "4009 user_data is invalid"),
        new Refused(
            signIn(device, "{\"id\":\"anna\",\"watchlist\":[\"a\",\"b\"]}"),
            "4302 Watchlist limit exceeded"),
        new Refused(
            signIn(device, "{\"id\":\"ben\"}"), "4009 The connection is already signed in"));
  }

  private static void expectRefusal(Device device, Refused refused) {
    send(device, refused.message());
    device.connection().awaitErrorContaining(refused.error());
  }

  private static void send(Device device, String message) {
    ((InternalConnection) device.pusher().getConnection()).sendMessage(message);
  }

  private static String subscribe(
      String channel, @Nullable String auth, @Nullable String channelData) {
    Json.Writer out = Json.object().field("event", "pusher:subscribe").startObject("data");
    out.field("channel", channel);
    if (auth != null) {
      out.field("auth", auth);
    }
    if (channelData != null) {
      out.field("channel_data", channelData);
    }
    return out.endObject().text();
  }

  private static String presence(Device device, String channel, String channelData) {
    String toSign = Signature.subscription(device.socketId(), channel, channelData);
    return subscribe(channel, auth(toSign), channelData);
  }

  private static String unsubscribe(String channel) {
    return "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"" + channel + "\"}}";
  }

  private static String trigger(String channel, String event) {
    return Json.object().field("event", event).field("channel", channel).field("data", "{}").text();
  }

  private static String signIn(Device device, String userData) {
    return Json.object()
        .field("event", "pusher:signin")
        .startObject("data")
        .field("auth", auth(Signature.signIn(device.socketId(), userData)))
        .field("user_data", userData)
        .endObject()
        .text();
  }

  private static String auth(String toSign) {
    return APP.key() + ":" + APP.secret().signature().sign(toSign);
  }

  @Test
  void tooManyClientEventsLeaveTheClientAlive() throws IOException {
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna")) {
      ChannelLog room = anna.subscribed("private-room");
      anna.pusher().getPrivateChannel("private-room").bindGlobal(room);
      send(anna, trigger("private-room", "client-e"));
      send(anna, trigger("private-room", "client-e"));
      send(anna, trigger("private-room", "client-e"));
      anna.connection().awaitErrorContaining("4301 Client event rejected due to rate limit");
      backend.publish("private-room", "greeting", "hello");
      room.skipTo("greeting: \"hello\"");
    }
  }

  @Test
  void clientEventsThatAreOffAreExplainedAndTheClientStaysAlive() throws IOException {
    App off = APP.withOptions(APP.options().withClientEvents(false));
    try (TestNode node = TestNode.start(off);
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna")) {
      ChannelLog room = anna.subscribed("private-room");
      anna.pusher().getPrivateChannel("private-room").bindGlobal(room);
      anna.triggerPrivate("private-room", "client-e", "{}");
      anna.connection()
          .awaitError(
              "To send client events, you must enable this feature in the Settings page of your"
                  + " dashboard. (here: client_events of the app, FANFARE_APP_CLIENT_EVENTS)");
      backend.publish("private-room", "greeting", "hello");
      room.skipTo("greeting: \"hello\"");
    }
  }
}
