package dev.fanfare.cost;

import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;

/// Messages over one established connection, each followed by a `pusher:ping`, whose answer shows
/// that it has been handled.
final class MessageAttempts {

  private static final String ENTRANCE = "message";
  private static final String PING = "{\"event\":\"pusher:ping\",\"data\":{}}";
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final int MOST = 130_000;

  private final String key;
  private RawSocket socket;
  private final TestNode node;

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

  List<Attempt> all() {
    String user = "{\\\"user_id\\\":\\\"1\\\",\\\"user_info\\\":{\\\"x\\\":\\\"%s\\\"}}";
    String nested = "[".repeat(450) + "]".repeat(450);
    return List.of(
        new Attempt(ENTRANCE, "subscribe and unsubscribe, public", this::subscribe),
        of("forged signature", subscription("private-a", key + ":" + HEX, "")),
        of(
            "forged, `channel_data` of 130,000 bytes",
            subscription("presence-a", key + ":" + HEX, user.formatted("a".repeat(MOST - 300)))),
        of(
            "the same on a private channel, escapes only",
            subscription("private-a", key + ":" + HEX, "\\u0041".repeat((MOST - 200) / 6))),
        of(
            "the same with signature `00`",
            subscription("presence-a", key + ":00", user.formatted("a".repeat(MOST - 300)))),
        of(
            "forged sign-in of 130,000 bytes",
            "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\""
                + key
                + ":"
                + HEX
                + "\",\"user_data\":\""
                + "a".repeat(MOST - 200)
                + "\"}}"),
        of("channel name of 130,000 characters", subscription("a".repeat(MOST - 300), "", "")),
        of(
            "client event of 130,000 bytes without a subscription",
            "{\"event\":\"client-a\",\"channel\":\"private-a\",\"data\":\""
                + "a".repeat(MOST - 100)
                + "\"}"),
        of("unknown event of 130,000 characters", "{\"event\":\"" + "a".repeat(MOST - 100) + "\"}"),
        of(
            "130,000 bytes of nested arrays",
            "{\"event\":\"a\",\"data\":[" + (nested + ",").repeat(MOST / 901) + "1]}"),
        of(
            "130,000 bytes of small numbers",
            "{\"event\":\"a\",\"data\":[" + "1,".repeat(MOST / 2 - 100) + "1]}"),
        of(
            "130,000 bytes of repeated `data`",
            "{\"event\":\"a\"" + ",\"data\":{\"a\":1}".repeat(MOST / 15) + "}"),
        of(
            "130,000 bytes of command fields",
            "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a/b\""
                + ",\"auth\":\"1\"".repeat(MOST / 11 - 10)
                + "}}"),
        of(
            "client event of 130,000 bytes of small numbers",
            "{\"event\":\"client-a\",\"channel\":\"private-a\",\"data\":["
                + "1,".repeat(MOST / 2 - 100)
                + "1]}"),
        of(
            "subscription with 130,000 bytes of small numbers besides",
            "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a/b\",\"x\":["
                + "1,".repeat(MOST / 2 - 100)
                + "1]}}"),
        deflated(
            "130,000 bytes of small numbers, compressed",
            "{\"event\":\"a\",\"data\":[" + "1,".repeat(MOST / 2 - 100) + "1]}"),
        deflated(
            "130,000 bytes of one text, compressed",
            "{\"event\":\"client-a\",\"channel\":\"private-a\",\"data\":\""
                + "a".repeat(MOST - 100)
                + "\"}"));
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

  private Attempt of(String name, String message) {
    return new Attempt(
        ENTRANCE,
        name,
        () -> {
          socket.sendText(message);
          socket.sendText(PING);
          var _ = socket.nextTextContaining("pusher:pong");
        });
  }

  private Attempt deflated(String name, String message) {
    return new Attempt(
        ENTRANCE,
        name,
        () -> {
          socket.sendDeflated(message);
          socket.sendText(PING);
          var _ = socket.nextTextContaining("pusher:pong");
        });
  }
}
