package dev.fanfare.cost;

import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/// Requests to the HTTP API over one connection.
final class ApiAttempts {

  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final int LINE = 15_800;

  private final TestNode node;
  private RawHttp http;

  ApiAttempts(TestNode node) throws IOException {
    this.node = node;
    this.http = new RawHttp(node.port());
  }

  List<Attempt> all() {
    String publish = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"" + "d".repeat(200) + "\"}";
    return List.of(
        of(
            "signed publish of 200 bytes",
            () -> RawHttp.signed(node.app(), "POST", "/events", publish)),
        fixed("unknown path", "/nowhere"),
        fixed("path of 15,800 slashes", "/".repeat(LINE)),
        fixed("path of 15,800 escapes", "/apps/1234/channels/" + "%41".repeat(LINE / 3)),
        of("forged signature of 64 digits", () -> get("/apps/1234/channels?" + auth(HEX))),
        of("the same with signature `00`", () -> get("/apps/1234/channels?" + auth("00"))),
        of(
            "64 pairs, 15,800 bytes, signature `00`",
            () -> get("/apps/1234/channels?" + auth("00") + pairs(59, "=%41%42%43"))),
        of(
            "64 pairs, 15,800 bytes, signature of 64 digits",
            () -> get("/apps/1234/channels?" + auth(HEX) + pairs(59, "[]=%41%42%43"))),
        of(
            "64 pairs, 8,000 bytes, all spellings tried",
            () -> get("/apps/1234/chan%6eels?" + auth(HEX) + arrays())),
        fixed("8,000 pairs", "/apps/1234/channels?" + "a&".repeat(LINE / 2)),
        of("3,000 short headers", () -> get("/live", "a:b\r\n".repeat(3_000) + "c: d")),
        of(
            "`Accept` of 15,800 bytes",
            () -> get("/nowhere", "Accept: " + "a/b;q=0.1,".repeat(LINE / 10))),
        of(
            "preflight with 15,800 bytes of headers",
            () ->
                RawHttp.request(
                    "OPTIONS",
                    "/apps/1234/events",
                    "",
                    "Access-Control-Request-Headers: " + "a,".repeat(LINE / 2))),
        of(
            "`X-Forwarded-For` of 15,800 bytes",
            () -> get("/nowhere", "X-Forwarded-For: " + "1.2.3.4,".repeat(LINE / 8))));
  }

  private static String arrays() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 59; i++) {
      out.append("&k[").append(i).append("]=").append("%41".repeat(12));
    }
    return out.toString();
  }

  private String auth(String signature) {
    return "auth_key="
        + node.app().key()
        + "&auth_timestamp="
        + System.currentTimeMillis() / 1_000
        + "&auth_version=1.0&auth_signature="
        + signature;
  }

  private static String pairs(int count, String value) {
    StringBuilder out = new StringBuilder();
    int chars = (LINE - 200) / count;
    for (int i = 0; i < count; i++) {
      String key = "k" + (count - i);
      out.append('&').append(key).append(value.repeat((chars - key.length()) / value.length()));
    }
    return out.toString();
  }

  private static String get(String target, String... headers) {
    return RawHttp.request("GET", target, "", headers);
  }

  private Attempt fixed(String name, String target) {
    return of(name, () -> get(target));
  }

  private Attempt of(String name, Supplier<String> request) {
    return new Attempt(
        name,
        () -> {
          RawHttp.Answer answer = http.send(request.get()).next();
          if ("close".equals(answer.header("Connection"))) {
            http.close();
            http = new RawHttp(node.port());
          }
        });
  }
}
