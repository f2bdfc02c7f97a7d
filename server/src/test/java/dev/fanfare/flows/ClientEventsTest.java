package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.testing.TestNodes;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Client events (section 3): each check with the text that the sender receives, in order.
@ParameterizedClass(name = "nodes={0}")
@ValueSource(ints = {1, 2})
final class ClientEventsTest {

  private static final App APP = Apps.with(TestNode.APP, AppOptionsOf.CLIENT_EVENTS_ONLY);

  @Parameter private int count;
  private final ManualClock clock = new ManualClock();
  private TestNodes nodes;
  private RawSocket sender;
  private RawSocket receiver;

  private static final class AppOptionsOf {
    static final AppOptions CLIENT_EVENTS_ONLY = AppOptions.DEFAULTS.withClientEvents(true);
  }

  @BeforeEach
  void start() throws IOException {
    nodes =
        TestNodes.start(count, clock.withSystemTime(), APP, Apps.another("2", AppOptions.DEFAULTS));
    sender = nodes.last().connect();
    receiver = nodes.first().connect();
    for (RawSocket socket : new RawSocket[] {sender, receiver}) {
      socket.subscribePrivate(APP, "private-a");
      socket.nextTextContaining("subscription_succeeded");
    }
  }

  @AfterEach
  void stop() throws IOException {
    sender.close();
    receiver.close();
    nodes.close();
  }

  @Test
  void anAppWithoutClientEventsRefusesThem() throws IOException {
    try (RawSocket socket = RawSocket.established(nodes.last().port(), "key2")) {
      socket.trigger("private-a", "client-e", "1");
      assertThat(socket.nextText()).contains("To send client events, you must enable this feature");
    }
  }

  @Test
  void theSenderMustBeSubscribed() throws IOException {
    sender.trigger("private-b", "client-e", "1");
    assertThat(sender.nextText())
        .contains("Cannot broadcast client event (connection not subscribed to channel private-b)");
  }

  @Test
  void publicChannelsRefuseThem() throws IOException {
    sender.subscribe("public");
    sender.nextTextContaining("subscription_succeeded");
    sender.trigger("public", "client-e", "1");
    assertThat(sender.nextText()).contains("only supported on private and presence channels");
  }

  @Test
  void encryptedChannelsRefuseThem() throws IOException {
    sender.subscribePrivate(APP, "private-encrypted-a");
    sender.nextTextContaining("subscription_succeeded");
    sender.trigger("private-encrypted-a", "client-e", "1");
    assertThat(sender.nextText()).contains("not supported on encrypted channels");
  }

  @Test
  void nameAndDataHaveLimits() throws IOException {
    sender.trigger("private-a", "client-" + "n".repeat(194), "1");
    assertThat(sender.nextText()).contains("its name has 201 characters, the limit is 200");
    sender.trigger("private-a", "client-e", '"' + "é".repeat(5_121) + '"');
    assertThat(sender.nextText()).contains("its data has 10242 bytes, the limit is 10240");
    sender.trigger("private-a", "client-e", '"' + "é".repeat(5_120) + '"');
    assertThat(receiver.nextText()).contains("éé");
  }

  @Test
  void tenInASecondPassAndTheEleventhIsRefusedWith4301() throws IOException {
    for (int i = 0; i < 11; i++) {
      sender.trigger("private-a", "client-e", Integer.toString(i));
    }
    assertThat(sender.nextText())
        .isEqualTo(
            "{\"event\":\"pusher:error\",\"data\":{\"code\":4301,\"message\":\"Client event"
                + " rejected due to rate limit: 0 of 10 per second are left"
                + " (max_client_events_per_second)\"}}");
    clock.advance(Duration.ofMillis(100));
    sender.trigger("private-a", "client-e", "11");
    for (int i = 0; i < 12; i++) {
      if (i != 10) {
        assertThat(receiver.nextText()).endsWith("\"data\":\"" + i + "\"}");
      }
    }
    receiver.expectNothing();
    sender.expectNothing();
  }
}
