package dev.fanfare.flows;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.TestNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Hostile input on a new socket: broken HTTP, broken handshakes, and, as the worst case, invalid
/// requests with a valid signature. None of it publishes anything.
final class HostileRequests {

  private static final App APP = TestNode.APP;
  private static final String CRLF = "\r\n";
  private static final String EVENTS = "/apps/1234/events";

  private static final String[] HANDSHAKE = {
    "Host: x",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13"
  };

  private HostileRequests() {}

  /// Each kind once.
  static List<byte[]> literal() {
    List<byte[]> list = new ArrayList<>();
    for (String request :
        new String[] {
          "GARBAGE~~",
          "\u0000\u00ff\u0000~~",
          "GET /" + "a".repeat(20_000) + " HTTP/1.1~~",
          "GET / HTTP/1.1~A: " + "b".repeat(20_000) + "~~",
          "GET / HTTP/1.1~" + "A: b~".repeat(5_000) + "~",
          "POST " + EVENTS + " HTTP/1.1~Content-Length: -1~~{}",
          "POST " + EVENTS + " HTTP/1.1~Content-Length: 99999999999999999999~~{}",
          "POST " + EVENTS + " HTTP/1.1~Content-Length: 20971520~~{}",
          "POST " + EVENTS + " HTTP/1.1~Content-Length: 500~~{}",
          "POST " + EVENTS + " HTTP/1.1~Content-Length: 2~~{}and then some garbage~~",
          "POST " + EVENTS + " HTTP/1.1~Transfer-Encoding: chunked~~zz~{}~0~~",
          "POST " + EVENTS + " HTTP/1.1~Transfer-Encoding: chunked~~ffffffff~{}",
          "POST " + EVENTS + " HTTP/1.1~Transfer-Encoding: chunked~Content-Length: 5~~0~~",
          "POST " + EVENTS + " HTTP/1.1~Expect: miracles~Content-Length: 2~~{}",
          handshake("/app/k?protocol=7", 3),
          handshake("/app/k?protocol=7", 4),
          handshake("/app/" + "\u00e9".repeat(8_000) + "?protocol=7", 5),
          handshake("/" + "\u00e9".repeat(8_000), 5),
          handshake("/app/278d425bdf160c739803?protocol=99999999999", 5),
          handshake("/app/278d425bdf160c739803", 5),
          handshake("/%00%ff%", 5),
        }) {
      list.add(request.replace("~", CRLF).getBytes(StandardCharsets.ISO_8859_1));
    }
    list.addAll(signedNonsense());
    return list;
  }

  private static List<byte[]> signedNonsense() {
    String deep = "[".repeat(20_000) + "]".repeat(20_000);
    String names = "\"c" + String.join("\",\"c", numbers(10_000)) + "\"";
    return List.of(
        signed("/events", "null"),
        signed("/events", "{\"name\":null,\"data\":null,\"channels\":null}"),
        signed("/events", deep),
        signed("/events", "{\"name\":\"e\",\"channel\":\"attacked\",\"data\":" + deep + "}"),
        signed("/events", "{\"name\":\"e\",\"data\":\"d\",\"channels\":[" + names + "]}"),
        signed("/events", "{\"name\":\"e\",\"channel\":\"a b\",\"data\":\"d\"}"),
        signed(
            "/events",
            "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"" + "x".repeat(500_000) + "\"}"),
        signed(
            "/batch_events",
            "{\"batch\":[" + String.join(",", Collections.nCopies(300_000, "{}")) + "]}"),
        signed("/batch_events", "{\"batch\":[null]}"),
        signed("/channels", "{}"),
        signed("/users/%00/terminate_connections", "{}"));
  }

  /// A literal one or a mutation of it, whole or cut off.
  static byte[] random(Random random, List<byte[]> literal) {
    byte[] bytes = literal.get(random.nextInt(literal.size())).clone();
    if (random.nextInt(3) == 0) {
      bytes = Arrays.copyOf(bytes, 1 + random.nextInt(Math.min(bytes.length, 300)));
    }
    int head = Math.min(bytes.length, 300);
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(head)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static String handshake(String target, int headers) {
    return "GET "
        + target
        + " HTTP/1.1~"
        + String.join("~", Arrays.copyOf(HANDSHAKE, headers))
        + "~~";
  }

  private static byte[] signed(String path, String body) {
    String full = "/apps/" + APP.id() + path;
    long now = System.currentTimeMillis() / 1_000;
    String query = Api.signedQuery(APP, "POST", full, "", body, now);
    String head = "POST " + full + "?" + query + " HTTP/1.1" + CRLF + "Host: x" + CRLF;
    return (head + "Content-Length: " + body.length() + CRLF + CRLF + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static List<String> numbers(int count) {
    List<String> numbers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }
}
