package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.node.Version;
import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands, by what they print and how they exit, for those that do not start a server.
final class CommandsTest {

  @TempDir Path directory;

  private static Outcome run(Map<String, String> environment, Object... args) {
    String[] words =
        Main.withCommand(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    return Outcome.of(environment, words);
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(directory.resolve("fanfare.yaml"), text);
  }

  @Test
  void withoutACommandTheServerStarts() {
    assertThat(Main.withCommand(new String[] {})).containsExactly("start");
    assertThat(Main.withCommand(new String[] {"--port", "1"}))
        .containsExactly("start", "--port", "1");
    assertThat(Main.withCommand(new String[] {"--help"})).containsExactly("--help");
    assertThat(Main.withCommand(new String[] {"config"})).containsExactly("config");
  }

  @Test
  void checkReportsEveryProblem() throws IOException {
    Path good = yaml("apps: [{id: 1, key: a, secret: x}]");
    assertThat(run(Map.of(), "config", "check", good))
        .isEqualTo(new Outcome(0, good + " is valid: 1 app.\n", ""));
    assertThat(run(Map.of(), "config", "check", "--config", good))
        .isEqualTo(new Outcome(0, good + " is valid: 1 app.\n", ""));
    assertThat(run(Map.of("FANFARE_CONFIG", good.toString()), "config", "check"))
        .isEqualTo(new Outcome(0, "The configuration is valid: 1 app.\n", ""));
    assertThat(run(Map.of(), "config", "check", good, "--config", good).err())
        .startsWith("Name one file, not two.\n");
    Path bad = yaml("server: {prot: 1}");
    assertThat(run(Map.of("FANFARE_PORT", "x"), "config", "check", bad))
        .isEqualTo(
            new Outcome(
                2,
                "",
                """
                2 problems in the configuration:

                  %s:1:10: server.prot is not known; did you mean server.port?
                  environment: FANFARE_PORT is "x", but must be a whole number from 0 to 65535

                `fanfare config reference` prints every option.
                """
                    .formatted(bad)));
  }

  @Test
  void checkWarnsWithoutFailing() throws IOException {
    Path file = yaml("apps: [{id: main, key: a, secret: x}]");
    Outcome outcome = run(Map.of(), "config", "check", file);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).startsWith("warning: " + file + ":1:13: apps[0].id is \"main\";");
  }

  @Test
  void printShowsEffectiveValues() throws IOException {
    Path file = yaml("server: {port: 1}");
    Outcome outcome = run(Map.of("FANFARE_LANES", "2"), "config", "print", "--config", file);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .containsPattern("port: 1 +# .*fanfare.yaml:1:16\n")
        .containsPattern("lanes: 2 +# FANFARE_LANES\n");
  }

  @Test
  void anInvalidConfigurationStopsTheStart() {
    Outcome outcome = run(Map.of("FANFARE_PROT", "1"), "--port", "x");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("environment: FANFARE_PROT is not known; did you mean FANFARE_PORT?")
        .contains("command line: --port is \"x\"");
  }

  @Test
  void aSettingThatWouldLoseEventsStopsTheStart() {
    Outcome outcome = run(Map.of("SOKETI_ADAPTER_DRIVER", "cluster"), "--port", "0");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("environment: SOKETI_ADAPTER_DRIVER is \"cluster\", which is not supported: ");
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome = run(Map.of(), "--host", "127.0.0.1", "--port", taken.getLocalPort());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .startsWith("The server cannot start: ")
          .contains(String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void aWrongCertificateIsFoundWithoutStartingAndStopsTheStart() throws IOException {
    Path file = yaml("server: {tls_certificate: /nowhere/fullchain.pem, tls_key: /nowhere/key}");
    Outcome check = run(Map.of(), "config", "check", file);
    Outcome start = run(Map.of(), "--config", file);
    assertThat(check.exitCode()).isEqualTo(2);
    assertThat(check.err())
        .contains(
            "2 problems in the configuration:",
            file
                + ":1:27: server.tls_certificate is \"/nowhere/fullchain.pem\", which does not"
                + " exist",
            "server.tls_key is \"/nowhere/key\", which does not exist");
    assertThat(start).isEqualTo(check);
  }

  @Test
  void anUnusableWebhooksFolderStopsTheStart() throws IOException {
    Path file = yaml("");
    Map<String, String> environment = Map.of("FANFARE_WEBHOOKS_DATA_DIR", file.toString());
    Outcome outcome = run(environment, "--port", "0");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith(
            "The server cannot start: webhooks.data_dir: " + file + " is not a folder. Choose");
  }

  @Test
  void aWrongCommandLineIsExplained() {
    assertThat(run(Map.of(), "strat"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                """
                Unknown command strat. Did you mean start?
                `fanfare --help` shows the usage.
                """));
    assertThat(run(Map.of(), "config").err())
        .startsWith("A command is missing: check, print, reference, limits or aliases.\n");
    assertThat(run(Map.of(), "config", "chekc").err())
        .startsWith("Unknown command chekc. Did you mean check?\n");
    assertThat(run(Map.of(), "health", "now").err()).startsWith("Unexpected argument now.\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--prt, --port",
    "--prot, --port",
    "--ports, --port",
    "--tls-prt, --tls-port",
    "--loglevel, --log-level",
    "--logLevel, --log-level",
    "--web-hooks-data-dir, --webhooks-data-dir",
    "--confg, --config",
    "--proxy-protcol, --proxy-protocol"
  })
  void aMisspelledOptionGetsTheNearest(String mistaken, String meant) {
    assertThat(run(Map.of(), mistaken, "1"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                """
                Unknown option %s. Did you mean %s?
                `fanfare start --help` shows the usage.
                """
                    .formatted(mistaken, meant)));
  }

  @Test
  void unknownOptionsAreReportedWithoutTheirValue() {
    assertThat(run(Map.of(), "--app-secret=hush").err())
        .startsWith("Unknown option --app-secret.\n")
        .doesNotContain("hush");
  }

  @Test
  void helpShowsAllowedValuesDefaultsAndExitCodes() {
    String help = run(Map.of(), "start", "--help").out().replaceAll("\\s+", " ");
    assertThat(help)
        .contains(
            "--port=NUMBER Port for clients and the HTTP API; 0 picks a free one. Allowed: a whole"
                + " number from 0 to 65535. Default: 6001.")
        .contains("--log=text|json ", "--proxy-protocol=off|optional|required ")
        .contains("--tls-only=true|false ", "--tls-certificate=FILE ", "docs/tls.md")
        .contains("--webhooks-data-dir=FOLDER ", "Default: fanfare-data.")
        .contains(
            "Exit codes: 0 Stopped by SIGTERM or SIGINT.",
            "3 The heap was full",
            "137 A second signal")
        .doesNotContain("](", "`", "that port", "That port", "=VALUE");
    for (String command : List.of("config", "doctor", "health", "webhooks")) {
      assertThat(run(Map.of(), command, "--help").out()).contains("Exit codes:");
    }
    assertThat(run(Map.of(), "--help").out()).contains("Exit codes:");
  }

  @Test
  void theCompletionScriptKnowsEveryCommandAndFlag() throws IOException {
    Outcome outcome = run(Map.of(), "completion");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("doctor", "--print-proxy", "--tls-certificate", "replay", "--webhooks-data-dir");
    Path script = Files.writeString(directory.resolve("fanfare.bash"), outcome.out());
    Programs.run("bash", "-n", script.toString());
  }

  @Test
  void theVersionNamesTheCommit() {
    assertThat(run(Map.of(), "--version").out())
        .matches(
            "Fanfare \\S.* \\(commit (unknown|[0-9a-f]{7,}(-dirty)?)( of \\d{4}-\\d\\d-\\d\\d)?,"
                + " Java 25.*\\)\n");
    assertThat(Version.class.getResource("build.properties")).isNotNull();
  }

  /// A source archive has no Git: the commit comes from REVISION, or is unknown.
  @Test
  void theCommitIsOptional() throws IOException {
    Path folder = Files.createDirectory(directory.resolve(".mvn"));
    Path script = Files.copy(Path.of("../.mvn/commit"), folder.resolve("commit"));
    assertThat(Programs.run("sh", script.toString())).isEqualTo("commit=unknown\ndate=\n");
    assertThat(Programs.run("env", "REVISION=0123abc", "sh", script.toString()))
        .isEqualTo("commit=0123abc\ndate=\n");
    String archived =
        Files.readString(script).replaceFirst("\\$Format:[^$]*\\$", "abcdef0 2026-01-31");
    assertThat(Programs.run("sh", Files.writeString(script, archived).toString()))
        .isEqualTo("commit=abcdef0\ndate=2026-01-31\n");
  }

  @Test
  void helpListsTheCommands() {
    assertThat(run(Map.of(), "help").out())
        .contains("start", "config", "doctor", "health", "webhooks", "completion", "--version");
    assertThat(run(Map.of(), "help", "config").out())
        .contains("check", "print", "reference", "limits", "aliases");
    assertThat(run(Map.of(), "help", "webhooks").out()).contains("list", "show", "replay", "purge");
  }
}
