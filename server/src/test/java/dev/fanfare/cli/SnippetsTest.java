package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.cli.banner.Address;
import dev.fanfare.cli.banner.Snippets;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.FreshApp;
import dev.fanfare.config.Reading;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Printed snippets work when they are pasted.
final class SnippetsTest {

  private static final App APP = FreshApp.create(new Random(1));
  private static final Address ADDRESS = new Address("0.0.0.0", 6001, "");

  @Test
  void theShellSignsAsTheProtocolSays() throws IOException {
    Programs.require("bash", "openssl", "curl");
    // In place of the real curl, a function that prints what it was called with.
    String script = "curl() { printf '%s\\n' \"$@\"; }\n" + Snippets.curl(APP, ADDRESS);
    List<String> arguments = Programs.run("bash", "-c", script).lines().toList();
    String body = arguments.get(arguments.indexOf("-d") + 1);
    String url = arguments.getLast();
    assertThat(body)
        .isEqualTo(
            "{\"name\":\"my-event\",\"channels\":[\"my-channel\"],"
                + "\"data\":\"{\\\"hello\\\":\\\"world\\\"}\"}");
    String path = "/apps/" + APP.id() + "/events";
    assertThat(url).startsWith("http://localhost:6001" + path + "?");
    Query query = Query.parse(url.substring(url.indexOf('?') + 1));
    assertThat(query.get("auth_key")).isEqualTo(APP.key());
    assertThat(query.get("body_md5"))
        .isEqualTo(Signature.md5(body.getBytes(StandardCharsets.UTF_8)));
    String toSign = Signature.request("POST", path, query.toSign(Query.Arrays.BRACKETS));
    String signature = String.valueOf(query.get("auth_signature"));
    assertThat(APP.secret().signature().matches(toSign, signature)).isTrue();
  }

  @Test
  void theVariablesRecreateTheApp() {
    Map<String, String> environment =
        Snippets.variables(APP)
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    assertThat(new ConfigReader(environment).read(null, Map.of()))
        .isInstanceOfSatisfying(
            Reading.Good.class, good -> assertThat(good.config().apps()).containsExactly(APP));
  }

  @Test
  void theBrowserFindsTheServerBehindAPrefix() {
    assertThat(Snippets.pusherJs(APP, new Address("0.0.0.0", 6001, "/live")))
        .contains("new Pusher(\"" + APP.key() + "\"")
        .contains("  wsHost: \"localhost\",\n  wsPort: 6001,\n  wsPath: \"/live\",\n");
    assertThat(Snippets.pusherJs(APP, ADDRESS)).doesNotContain("wsPath");
  }

  @Test
  void laravelGetsItsVariables() {
    assertThat(Snippets.laravel(APP, ADDRESS).lines())
        .contains(
            "BROADCAST_CONNECTION=pusher",
            "PUSHER_APP_ID=" + APP.id(),
            "PUSHER_APP_KEY=" + APP.key(),
            "PUSHER_APP_SECRET=" + APP.secret().reveal(),
            "PUSHER_HOST=localhost",
            "PUSHER_PORT=6001",
            "PUSHER_SCHEME=http",
            "VITE_PUSHER_APP_KEY=\"${PUSHER_APP_KEY}\"");
  }

  @Test
  void flutterGetsItsOptions() {
    assertThat(Snippets.flutter(APP, ADDRESS))
        .contains("PusherClient(\n  \"" + APP.key() + "\"")
        .contains("wsPort: 6001,\n    encrypted: false,");
  }

  @Test
  void withACertificateAllSnippetsUseTls() {
    Address address = new Address("0.0.0.0", 6443, "", "live.example.com");
    assertThat(Snippets.pusherJs(APP, address))
        .contains("  wsHost: \"live.example.com\",\n  wssPort: 6443,\n  forceTLS: true,\n");
    assertThat(Snippets.laravel(APP, address).lines())
        .contains("PUSHER_HOST=live.example.com", "PUSHER_PORT=6443", "PUSHER_SCHEME=https");
    assertThat(Snippets.flutter(APP, address)).contains("wssPort: 6443,\n    encrypted: true,");
    assertThat(Snippets.curl(APP, address)).contains("\"https://live.example.com:6443/apps/");
  }
}
