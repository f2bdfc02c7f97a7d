package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Json;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The output and exit codes of `fanfare doctor`.
final class DoctorCommandTest {

  private static final String SECRET = TestNode.APP.secret().reveal();

  @TempDir Path folder;

  private final TestNode node = TestNode.start();
  private final Map<String, String> environment = new HashMap<>();

  @AfterEach
  void stop() {
    node.close();
  }

  private Outcome run(String... args) {
    List<String> words = new ArrayList<>(List.of("doctor"));
    words.addAll(List.of(args));
    return Outcome.of(environment, words.toArray(String[]::new));
  }

  private void configure() {
    environment.put("FANFARE_HOST", "127.0.0.1");
    environment.put("FANFARE_PORT", String.valueOf(node.port()));
    environment.put("FANFARE_APP_ID", node.app().id());
    environment.put("FANFARE_APP_KEY", node.app().key());
    environment.put("FANFARE_APP_SECRET", SECRET);
  }

  private String url() {
    return "ws://127.0.0.1:" + node.port();
  }

  @Test
  void theConfigurationIsEnough() {
    configure();
    Outcome outcome = run();
    assertThat(outcome.exitCode()).as(outcome.out()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .startsWith(
            "Examining " + url() + "\n\n  ok   URL               " + url() + ", without TLS")
        .endsWith("\n\n14 passed, 0 warned, 0 failed, 4 skipped.\n")
        .matches("\\p{ASCII}*")
        .doesNotContain(SECRET)
        .doesNotContainPattern("[0-9a-f]{64}");
  }

  @Test
  void flagsAreEnoughAndTheSecretNeedNotBeOneOfThem() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
    environment.put("THE_SECRET", SECRET);
    String key = node.app().key();
    String[][] ways = {
      {"--secret", SECRET}, {"--secret-file", file.toString()}, {"--secret-variable", "THE_SECRET"}
    };
    for (String[] way : ways) {
      Outcome outcome = run("--url", url(), "--key", key, "--app-id", "1234", way[0], way[1]);
      assertThat(outcome.exitCode()).as(outcome.out()).isZero();
      assertThat(outcome.out()).contains("5 events arrived").doesNotContain(SECRET);
    }
  }

  @Test
  void aFailureExitsWithOne() {
    configure();
    Outcome outcome = run("--key", "wrong", "--secret", "wrong-wrong");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("  FAIL handshake         refused with 4001: ", "-> No app has the key wrong.")
        .contains("  -    5 more steps      skipped, because handshake failed")
        .doesNotContain("wrong-wrong");
  }

  /// A secret in place of the key is reported without repeating it.
  @Test
  void aSecretInPlaceOfTheKeyIsNotRepeated() {
    configure();
    Outcome outcome = run("--key", SECRET, "--secret", SECRET);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).contains("No app has the key ********.").doesNotContain(SECRET);
  }

  @Test
  void jsonOutputIsOneObject() throws Exception {
    configure();
    Outcome outcome = run("--json", "--secret", "wrong-wrong");
    assertThat(outcome.exitCode()).isEqualTo(1);
    Map<String, String> fields = new HashMap<>();
    List<Map<String, String>> steps = new ArrayList<>();
    Json.readObject(
        outcome.out(),
        (name, value) -> {
          if (name.equals("steps")) {
            value.objects(() -> {
              Map<String, String> step = new HashMap<>();
              steps.add(step);
              return (field, each) -> step.put(field, each.literal());
            });
          } else {
            fields.put(name, value.string());
          }
        });
    assertThat(fields).isEqualTo(Map.of("url", url(), "result", "failed"));
    assertThat(steps).hasSize(18);
    assertThat(steps.get(9))
        .containsEntry("step", "private")
        .containsEntry("result", "failed")
        .containsKeys("finding", "remedy", "ms");
    assertThat(outcome.out()).doesNotContain("wrong-wrong").doesNotContain(SECRET);
  }

  @Test
  void theBlockFitsTheNamedProxy() {
    configure();
    Outcome unknown = run("--url", "wss://127.0.0.1:" + node.port());
    assertThat(unknown.out())
        .contains("--print-proxy prints its configuration block: nginx, caddy, apache");
    Outcome named =
        run("--url", "wss://127.0.0.1:" + node.port(), "--proxy", "caddy", "--upstream", "up:7");
    assertThat(named.out())
        .contains("Configuration block for the proxy", "reverse_proxy up:7 {")
        .contains("https://127.0.0.1:" + node.port() + " {");
  }

  @Test
  void aBlockCanBePrintedWithoutAnExamination() {
    environment.put("FANFARE_ACTIVITY_TIMEOUT_SECONDS", "40");
    Outcome outcome = run("--url", "wss://push.example.com/ws", "--print-proxy", "nginx");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("listen 443 ssl;", "server_name push.example.com;", "location /ws/ {")
        .contains("proxy_pass http://127.0.0.1:6001/;", "proxy_read_timeout 70s;");
    assertThat(run("--url", "ws://a", "--print-proxy", "Traefik").out()).contains("Host(`a`)");
  }

  @ParameterizedTest
  @CsvSource({
    "--url, example.com, '--url is \"example.com\", but must look like wss://example.com'",
    "--timeout, soon, '--timeout is \"soon\", but must look like 5s or 500ms.'",
    "--timeout, 0s, '--timeout is \"0s\", but must look like 5s or 500ms.'",
    "--idle, -1, '--idle is -1, but must be 0 to 86400 seconds.'",
    "--auth-endpoint, /auth, '--auth-endpoint is \"/auth\", but must look like https://'",
    "--header, nonsense, A --header must look like 'Name: value'.",
    "--ca, /nowhere, --ca /nowhere cannot be read.",
    "--secret-file, /nowhere, --secret-file /nowhere cannot be read.",
    "--secret-variable, ABSENT, --secret-variable: there is no such variable.",
    "--origin, 'a b', --host-header and --origin must not contain spaces.",
    "--proxy, squid, Invalid value for option '--proxy'",
    "--app-id, 9, 'No app 9 is configured; add --key.'"
  })
  void aWrongCommandLineIsExplained(String option, String value, String sentence) {
    configure();
    Outcome outcome = run(option, value);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains(sentence);
  }

  @Test
  void withoutAKeyStepsThatNeedOneAreSkipped() {
    Outcome outcome = run("--url", url());
    assertThat(outcome.exitCode()).as(outcome.out()).isZero();
    assertThat(outcome.out())
        .contains("  ok   TCP ", "  ok   HTTP ", "  ok   upgrade ")
        .contains(
            "  -    6 more steps      no app's key is known; add --key, or --config with an app")
        .doesNotContain("FAIL", "unknown-key");
    assertThat(run("--url", url(), "--secret", "s").err())
        .isEqualTo("No app is configured; add --key.\n");
  }

  @Test
  void aMistakenSecretIsExplained() {
    configure();
    assertThat(run("--secret", "'quoted'").err())
        .startsWith("--secret is enclosed in quotation marks that are part of the value");
  }

  @Test
  void aWrongConfigurationIsExplained() {
    environment.put("FANFARE_PORT", "0");
    assertThat(run("--key", "a").err()).contains("add --url");
    environment.put("FANFARE_PROT", "1");
    assertThat(run().err()).contains("FANFARE_PROT is not known");
  }
}
