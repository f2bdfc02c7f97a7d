package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.TestNode;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The WebSocket library below the Java client, with its own `permessage-deflate` switched on.
@ExtendWith(CrashGuard.class)
final class CompressingClientTest {

  private static final App APP = TestNode.COMPRESSING_APP;
  private static final String LONG = "Gr\u00fc\u00dfe \u2713 ".repeat(200);

  @Test
  void aClientThatCompressesTalksToOneThatDoesNot() throws Exception {
    Counting counting = new Counting();
    try (TestNode node = TestNode.start(APP);
        Backend backend = new Backend(node);
        Peer deflated = Peer.connect(node, new Draft_6455(counting));
        Peer plain = Peer.connect(node, new Draft_6455())) {
      assertThat(deflated.extensions)
          .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
      assertThat(plain.extensions).isEmpty();
      deflated.subscribe("private-room");
      plain.subscribe("private-room");

      backend.publish("private-room", "letter", LONG);
      String letter = plain.inbox.next("a letter", Inbox.PATIENCE, t -> t.contains("letter"));
      assertThat(letter).contains(LONG);
      assertThat(deflated.inbox.skipTo(letter)).isEqualTo(letter);
      assertThat(counting.received.get()).isEqualTo(1);

      deflated.trigger("private-room", LONG);
      assertThat(plain.inbox.skipTo(wave())).isEqualTo(wave());
      assertThat(counting.sent.get()).isEqualTo(1);

      plain.trigger("private-room", LONG);
      assertThat(deflated.inbox.skipTo(wave())).isEqualTo(wave());
      assertThat(counting.received.get()).isEqualTo(2);
    }
  }

  private static String wave() {
    return "{\"event\":\"client-wave\",\"channel\":\"private-room\",\"data\":\"" + LONG + "\"}";
  }

  /// Compresses as it always does, and counts the frames.
  private static final class Counting extends PerMessageDeflateExtension {

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    @Override
    public void decodeFrame(Framedata frame) throws InvalidDataException {
      if (frame.isRSV1()) {
        received.incrementAndGet();
      }
      super.decodeFrame(frame);
    }

    @Override
    public void encodeFrame(Framedata frame) {
      super.encodeFrame(frame);
      if (frame.isRSV1()) {
        sent.incrementAndGet();
      }
    }

    @Override
    public IExtension copyInstance() {
      return this;
    }
  }

  /// One connection, and the texts that it gets.
  private static final class Peer extends WebSocketClient implements AutoCloseable {

    private static final Pattern SOCKET_ID = Pattern.compile("\\d+\\.\\d+");

    private final Inbox<String> inbox = new Inbox<>("texts");
    private volatile String extensions = "";
    private String socketId = "";

    private Peer(URI uri, Draft_6455 draft) {
      super(uri, draft);
    }

    static Peer connect(TestNode node, Draft_6455 draft) throws InterruptedException {
      URI uri = URI.create("ws://127.0.0.1:" + node.port() + "/app/" + APP.key() + "?protocol=7");
      Peer peer = new Peer(uri, draft);
      assertThat(peer.connectBlocking()).isTrue();
      Matcher matcher = SOCKET_ID.matcher(peer.inbox.next());
      assertThat(matcher.find()).isTrue();
      peer.socketId = matcher.group();
      return peer;
    }

    void subscribe(String channel) {
      String signature =
          APP.secret().signature().sign(Signature.subscription(socketId, channel, null));
      send(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\",\"auth\":\"%s:%s\"}}"
              .formatted(channel, APP.key(), signature));
      inbox.next("the answer", Inbox.PATIENCE, t -> t.contains("subscription_succeeded"));
    }

    void trigger(String channel, String data) {
      send(
          "{\"event\":\"client-wave\",\"channel\":\"%s\",\"data\":\"%s\"}"
              .formatted(channel, data));
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
      extensions = handshake.getFieldValue("Sec-WebSocket-Extensions");
    }

    @Override
    public void onMessage(String text) {
      inbox.add(text);
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
      inbox.add("closed with " + code + " " + reason);
    }

    @Override
    public void onError(Exception e) {
      inbox.add("failed with " + e);
    }
  }
}
