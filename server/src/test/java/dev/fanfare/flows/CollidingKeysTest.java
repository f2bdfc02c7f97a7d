package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.presence.Roster;
import dev.fanfare.protocol.Member;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// 32,768 names and ids with one `String.hashCode`, through every map that holds what strangers
/// choose. Maps find equal hashes by the order of their keys, if they have one; `HouseRulesTest`
/// requires one of composite keys.
final class CollidingKeysTest {

  private static final int BITS = 15;

  /// "Aa" and "BB" have the same hash, so all texts made of fifteen of them do.
  private static final List<String> NAMES = names();

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int bits = 0; bits < 1 << BITS; bits++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < BITS; bit++) {
        name.append((bits >> bit & 1) == 0 ? "Aa" : "BB");
      }
      names.add(name.toString());
    }
    return names;
  }

  @Test
  void theNamesCollide() {
    assertThat(NAMES.stream().map(String::hashCode).distinct()).hasSize(1);
    assertThat(NAMES.stream().distinct()).hasSize(32_768);
  }

  /// The registry, a connection's subscriptions, and the webhooks held back.
  @Test
  void channels() throws IOException {
    try (Receiver receiver = new Receiver()) {
      App app =
          TestNode.APP
              .withOptions(AppOptions.DEFAULTS)
              .withLimits(
                  TestNode.APP
                      .limits()
                      .withMaxSubscriptions(0)
                      .withMaxSubscriptionChangesPerSecond(0))
              .withWebhooks(
                  List.of(
                      WebhookEndpoint.at(receiver.url())
                          .withChannels(ChannelFilter.ALL.withPrefix("other"))));
      try (TestNode node = TestNode.start(app);
          Api api = new Api(node);
          RawSocket socket = node.connect();
          RawSocket other = node.connect()) {
        socket.send(commands("subscribe"));
        for (String name : NAMES) {
          String text = socket.nextText();
          assertThat(text.contains("subscription_succeeded") && text.contains(name)).isTrue();
        }
        assertThat(channels(api)).hasSize(NAMES.size()).containsAll(NAMES);
        other.subscribe("other");
        assertThat(receiver.nextEvent()).isEqualTo("channel_occupied other");
        socket.send(commands("unsubscribe"));
        socket.expectNothing();
        other.unsubscribe("other");
        other.nextTextContaining("subscription_succeeded");
        other.expectNothing();
        assertThat(channels(api)).isEmpty();
        assertThat(receiver.nextEvent()).isEqualTo("channel_vacated other");
      }
    }
  }

  /// The users of watchlists: watched, signed in, and gone.
  @Test
  void signedInUsers() throws IOException {
    App app = TestNode.APP.withLimits(TestNode.APP.limits().withMaxWatchlist(NAMES.size()));
    try (TestNode node =
            TestNode.start(
                TestNode.options(0).withMaxMessageBytes(4 << 20),
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                app);
        RawSocket watcher = node.connect();
        RawSocket friend = node.connect();
        RawSocket later = node.connect()) {
      watcher.signIn(app, "{\"id\":\"w\",\"watchlist\":[\"" + String.join("\",\"", NAMES) + "\"]}");
      watcher.nextTextContaining("signin_success");
      String states = watcher.nextTextContaining("watchlist_events");
      assertThat(states).contains("offline", NAMES.getFirst(), NAMES.getLast());
      friend.signIn(app, "{\"id\":\"" + NAMES.getLast() + "\"}");
      assertThat(watcher.nextText()).contains("online", NAMES.getLast());
      watcher.sendClose(1000, "");
      watcher.nextClose();
      later.signIn(app, "{\"id\":\"l\",\"watchlist\":[\"" + NAMES.getLast() + "\"]}");
      assertThat(later.nextTextContaining("watchlist_events")).contains("online");
    }
  }

  /// Joins of so many members through the node would spend their time on so many member lists.
  @Test
  void membersOfAPresenceChannel() {
    Roster roster = new Roster();
    for (String name : NAMES) {
      assertThat(roster.join(new Member(name, "{}"), 0)).isEqualTo(Roster.Arrival.FIRST);
    }
    assertThat(roster.members().stream().map(Member::userId)).isEqualTo(NAMES);
    for (String name : NAMES) {
      assertThat(roster.contains(name)).isTrue();
      assertThat(roster.leave(name, 0)).isNotNull();
    }
    assertThat(roster.size()).isZero();
  }

  private static byte[] commands(String verb) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : NAMES) {
      String text = "{\"event\":\"pusher:" + verb + "\",\"data\":{\"channel\":\"" + name + "\"}}";
      all.writeBytes(RawSocket.frame(0x81, true, text.getBytes(StandardCharsets.UTF_8)));
    }
    return all.toByteArray();
  }

  private static List<String> channels(Api api) throws IOException {
    String body = api.get("/channels", "filter_by_prefix=").body();
    return Arrays.stream(body.split("\"", -1)).filter(part -> part.length() == 2 * BITS).toList();
  }
}
