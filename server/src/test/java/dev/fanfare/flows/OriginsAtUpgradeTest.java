package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A page of a foreign origin gets two frames and nothing else: no session, no greeting, no
/// extension, no answer to its messages. The bytes are literal (ADR 4).
final class OriginsAtUpgradeTest {

  private static final App APP =
      PlainApp.APP.withOptions(
          AppOptions.DEFAULTS
              .withCompression(true)
              .withClientEvents(true)
              .withAllowedOrigins(List.of("good.example")));

  private static final String SUBSCRIBE =
      "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\"}}";
  private static final String ERROR =
      "{\"event\":\"pusher:error\",\"data\":{\"code\":4009,\"message\":"
          + "\"Origin not allowed: https://bad.example\"}}";
  private static final String REASON = "Origin not allowed: https://bad.example";

  /// All events of connections and channels.
  private static final class Events implements ServerListener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void on(Observation observation) {
      switch (observation) {
        case Observation.ConnectionOpened(_, _) -> connectionOpened();
        case Observation.ConnectionClosed(_, _, _, _) -> connectionClosed();
        case Observation.ConnectionRefused(_, _, var code, var reason) ->
            connectionRefused(code, reason);
        default -> {}
      }
    }

    private void connectionOpened() {
      events.add("opened");
    }

    private void connectionClosed() {
      events.add("closed");
    }

    private void connectionRefused(CloseCode code, String reason) {
      events.add("refused " + code.code() + " " + reason);
    }

    @Override
    public void subscribed(App app, String channel, Peer peer) {
      events.add("subscribed " + channel);
    }
  }

  private static byte[] handshake() {
    return ("GET /app/"
            + APP.key()
            + "?protocol=7 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\nOrigin: https://bad.example\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] expectedFrames() {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.write(0x81);
    frames.write(ERROR.length());
    frames.writeBytes(ERROR.getBytes(StandardCharsets.UTF_8));
    frames.write(0x88);
    frames.write(2 + REASON.length());
    frames.write(4009 >> 8);
    frames.write(4009 & 0xff);
    frames.writeBytes(REASON.getBytes(StandardCharsets.UTF_8));
    return frames.toByteArray();
  }

  @Test
  void aForeignPageGetsTheReasonAndNoState() throws Exception {
    Events seen = new Events();
    try (TestNode node =
            TestNode.start(TestNode.options(0), FanfareServer.Clocks.SYSTEM, seen, APP);
        RawSocket socket = new RawSocket(node.port())) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(handshake());
      byte[] subscribe = SUBSCRIBE.getBytes(StandardCharsets.UTF_8);
      all.writeBytes(RawSocket.frame(0x81, true, subscribe)); // before the refusal arrives
      socket.send(all.toByteArray());
      assertThat(socket.readHead())
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
      socket.sendText(SUBSCRIBE);
      socket.sendClose(4009, "");
      assertThat(socket.rest()).isEqualTo(expectedFrames());
      assertThat(node.server().connections(APP)).isZero();
      try (RawSocket good =
          RawSocket.established(node.port(), APP.key(), "Origin: https://good.example")) {
        good.subscribe("b");
        good.nextTextContaining("subscription_succeeded");
        assertThat(seen.events.poll(5, TimeUnit.SECONDS)).isEqualTo("refused 4009 " + REASON);
        assertThat(seen.events).containsExactly("opened", "subscribed b");
      }
    }
  }

  @Test
  void everyOtherOriginIsRefused() throws IOException {
    App strict =
        APP.withOptions(APP.options().withAllowedOrigins(List.of("https://good.example:8443")));
    try (TestNode node = TestNode.start(strict)) {
      for (String origin :
          List.of("https://good.example", "http://good.example:8443", "null", "", "nonsense")) {
        try (RawSocket socket =
            RawSocket.upgraded(
                node.port(), "/app/" + APP.key() + "?protocol=7", "Origin: " + origin)) {
          assertThat(socket.nextText()).as(origin).contains("\"code\":4009");
        }
      }
      RawSocket.established(node.port(), APP.key(), "Origin: https://good.example:8443").close();
    }
  }

  /// Native clients build their origin from the URL that they connect to.
  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost", "ws://localhost:%d", "wss://localhost", "https://LOCALHOST"})
  void anOriginOnTheHostOfTheRequestIsAllowed(String origin) throws IOException {
    try (TestNode node = TestNode.start(APP)) {
      String header = "Origin: " + origin.replace("%d", String.valueOf(node.port()));
      RawSocket.established(node.port(), APP.key(), header).close();
    }
  }

  /// Apps in a web view load their page from a file.
  @ParameterizedTest
  @ValueSource(strings = {"null", "file://"})
  void pagesWithoutAHostAreAllowedByAnEntry(String origin) throws IOException {
    App app = APP.withOptions(APP.options().withAllowedOrigins(List.of(origin)));
    try (TestNode node = TestNode.start(APP, app.withId("5").withKey("web-view"))) {
      RawSocket.established(node.port(), "web-view", "Origin: " + origin).close();
      try (RawSocket socket =
          RawSocket.upgraded(
              node.port(), "/app/" + APP.key() + "?protocol=7", "Origin: " + origin)) {
        assertThat(socket.nextText()).contains("\"code\":4009", "Origin not allowed: " + origin);
      }
    }
  }
}
