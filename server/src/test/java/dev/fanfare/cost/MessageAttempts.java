package dev.fanfare.cost;

import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages over one established connection, each followed by a `pusher:ping`, whose answer shows
/// that it has been handled.
final class MessageAttempts {

  private static final String PING = "{\"event\":\"pusher:ping\",\"data\":{}}";
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String USER =
      "{\\\"user_id\\\":\\\"1\\\",\\\"user_info\\\":{\\\"x\\\":\\\"%s\\\"}}";
  private static final int MOST = 130_000;

  /// The longest client event that is read to its end, about.
  private static final int LARGEST_EVENT = 69_000;

  private final String key;
  private RawSocket socket;
  private final TestNode node;
  private @Nullable RawSocket receiver;

  MessageAttempts(TestNode node) throws IOException {
    this.node = node;
    this.key = node.app().key();
    this.socket = connect();
  }

  private RawSocket connect() throws IOException {
    return RawSocket.established(
        node.port(),
        node.app().key(),
        "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover");
  }

  /// Messages of up to 10 kB beside one of the shortest.
  List<Attempt> small() {
    return List.of(
        new Attempt("subscribe and unsubscribe, public", this::subscribe),
        of("forged signature", subscription("private-a", key + ":" + HEX, "")),
        of(
            "forged, `channel_data` of 8,000 bytes",
            subscription("presence-a", key + ":" + HEX, USER.formatted("a".repeat(7_900)))),
        of("channel name of 8,000 characters", subscription("a".repeat(8_000), "", "")),
        of("unknown event of 8,000 characters", "{\"event\":\"" + "a".repeat(8_000) + "\"}"),
        of("ping with 8,000 bytes of small numbers", withNumbers("pusher:ping", 8_000)),
        of("client event of 8,000 bytes of small numbers", withNumbers("client-a", 8_000)));
  }

  /// Longer ones beside an honest event of the largest size.
  List<Attempt> large() {
    String nested = "[".repeat(450) + "]".repeat(450);
    return List.of(
        new Attempt("client event of 10,240 bytes, relayed to one", this::whisper),
        of(
            "forged, `channel_data` of 130,000 bytes",
            subscription("presence-a", key + ":" + HEX, USER.formatted("a".repeat(MOST - 300)))),
        of(
            "the same of 27,000 bytes",
            subscription("presence-a", key + ":" + HEX, USER.formatted("a".repeat(26_600)))),
        of(
            "the same on a private channel, escapes only",
            subscription("private-a", key + ":" + HEX, "\\u0041".repeat(26_600 / 6))),
        of("forged sign-in of 130,000 bytes", signIn(MOST - 200)),
        of("forged sign-in of 68,000 bytes", signIn(67_800)),
        of("channel name of 130,000 characters", subscription("a".repeat(MOST - 300), "", "")),
        of("channel name of 27,000 characters", subscription("a".repeat(26_800), "", "")),
        of("unknown event of 130,000 characters", "{\"event\":\"" + "a".repeat(MOST - 100) + "\"}"),
        of(
            "130,000 bytes of nested arrays",
            "{\"event\":\"a\",\"data\":[" + (nested + ",").repeat(MOST / 901) + "1]}"),
        of("130,000 bytes of small numbers", withNumbers("a", MOST)),
        of(
            "130,000 bytes of repeated `data`",
            "{\"event\":\"a\"" + ",\"data\":{\"a\":1}".repeat(MOST / 15) + "}"),
        of("ping with 130,000 bytes of small numbers", withNumbers("pusher:ping", MOST)),
        of("ping with 130,000 bytes of text", withText("pusher:ping", MOST)),
        of("field name of 130,000 characters", "{\"" + "a".repeat(MOST) + "\":1}"),
        of(
            "130,000 bytes of small numbers before the event",
            "{\"data\":[" + "1,".repeat(MOST / 2 - 100) + "1],\"event\":\"client-a\"}"),
        of(
            "69,000 bytes of small numbers and text before the event",
            "{\"data\":["
                + "1,".repeat(5_000)
                + "\""
                + "a".repeat(59_000)
                + "\"]"
                + ",\"event\":\"client-a\",\"channel\":\"private-a\"}"),
        of(
            "26,000 bytes of command fields",
            "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a/b\""
                + ",\"auth\":\"1\"".repeat(26_000 / 11)
                + "}}"),
        of("client event of 130,000 bytes of text", withText("client-a", MOST)),
        of("client event of 69,000 bytes of text", withText("client-a", LARGEST_EVENT)),
        of("client event of 69,000 bytes of small numbers", withNumbers("client-a", LARGEST_EVENT)),
        of(
            "client event of 69,000 bytes of repeated `data`",
            "{\"event\":\"client-a\",\"channel\":\"private-a\""
                + ",\"data\":1".repeat(LARGEST_EVENT / 9 - 20)
                + "}"),
        of(
            "client event of 69,000 bytes of escapes",
            "{\"event\":\"client-a\",\"channel\":\"private-a\",\"data\":\""
                + "\\u0041".repeat((LARGEST_EVENT - 200) / 6)
                + "\"}"),
        deflated("130,000 bytes of small numbers, compressed", withNumbers("a", MOST)),
        deflated("69,000 bytes of text, compressed", withText("client-a", LARGEST_EVENT)),
        deflated("130,000 bytes of text, compressed", withText("client-a", MOST)));
  }

  private static String withNumbers(String event, int bytes) {
    return "{\"event\":\"%s\",\"channel\":\"private-a\",\"data\":[%s1]}"
        .formatted(event, "1,".repeat(bytes / 2 - 100));
  }

  private static String withText(String event, int bytes) {
    return "{\"event\":\"%s\",\"channel\":\"private-a\",\"data\":\"%s\"}"
        .formatted(event, "a".repeat(bytes - 100));
  }

  private String signIn(int bytes) {
    return "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\""
        + key
        + ":"
        + HEX
        + "\",\"user_data\":\""
        + "a".repeat(bytes)
        + "\"}}";
  }

  private static String subscription(String channel, String auth, String data) {
    return "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
        + channel
        + "\",\"auth\":\""
        + auth
        + "\",\"channel_data\":\""
        + data
        + "\"}}";
  }

  private void subscribe() throws IOException {
    socket.subscribe("news");
    socket.sendText("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
    socket.sendText(PING);
    var _ = socket.nextTextContaining("pusher:pong");
  }

  /// An event of the largest size, relayed to another subscriber.
  private void whisper() throws IOException {
    if (receiver == null) {
      receiver = RawSocket.established(node.port(), key);
      for (RawSocket each : List.of(receiver, socket)) {
        each.subscribePrivate(node.app(), "private-honest");
        var _ = each.nextTextContaining("subscription_succeeded");
      }
    }
    socket.trigger("private-honest", "client-a", "\"" + "d".repeat(10_240) + "\"");
    var _ = receiver.nextTextContaining("client-a");
  }

  private Attempt of(String name, String message) {
    return new Attempt(
        name,
        () -> {
          socket.sendText(message);
          socket.sendText(PING);
          var _ = socket.nextTextContaining("pusher:pong");
        });
  }

  private Attempt deflated(String name, String message) {
    return new Attempt(
        name,
        () -> {
          socket.sendDeflated(message);
          socket.sendText(PING);
          var _ = socket.nextTextContaining("pusher:pong");
        });
  }
}
