package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The commands, by what they print and how they exit, as far as they do not start anything.
final class CommandsTest {

  private record Outcome(int exitCode, String out, String err) {}

  @TempDir Path directory;

  private static Outcome run(Map<String, String> environment, Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words =
        Main.withCommand(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    CommandLine commandLine = Main.commandLine(environment, words);
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(words);
    return new Outcome(exitCode, out.toString(), err.toString());
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
  void checkFindsNothingOrEverything() throws IOException {
    Path good = yaml("apps: [{id: 1, key: a, secret: x}]");
    assertThat(run(Map.of(), "config", "check", good))
        .isEqualTo(new Outcome(0, good + " is fine: 1 app.\n", ""));
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
  void aWrongConfigurationStartsNothing() {
    Outcome outcome = run(Map.of("FANFARE_PROT", "1"), "--port", "x");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("environment: FANFARE_PROT is not known; did you mean FANFARE_PORT?")
        .contains("command line: --port is \"x\"");
  }

  @Test
  void aSettingThatWouldLoseEventsStopsTheStart() {
    Outcome outcome = run(Map.of("SOKETI_ADAPTER_DRIVER", "redis"), "--port", "0");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("environment: SOKETI_ADAPTER_DRIVER is \"redis\", which is not supported: ");
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
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
  void aFolderThatCannotKeepWebhooksStopsTheStart() throws IOException {
    Path file = yaml("");
    Map<String, String> environment = Map.of("FANFARE_WEBHOOKS_DATA_DIR", file.toString());
    Outcome outcome = run(environment, "--port", "0");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("The server cannot start: the webhooks' " + file + " is not a folder. Choose");
  }

  @Test
  void aWrongCommandLineIsExplained() {
    assertThat(run(Map.of(), "strat").exitCode()).isEqualTo(2);
    assertThat(run(Map.of(), "--prot", "1").err()).contains("Unknown options: '--prot'");
    assertThat(run(Map.of(), "config").err())
        .contains("Say check, print, reference, limits or aliases.");
  }

  @Test
  void helpListsTheCommands() {
    assertThat(run(Map.of(), "help").out())
        .contains("start", "config", "doctor", "health", "webhooks", "help", "--version");
    assertThat(run(Map.of(), "help", "config").out())
        .contains("check", "print", "reference", "limits", "aliases");
    assertThat(run(Map.of(), "help", "webhooks").out()).contains("list", "show", "replay", "purge");
    assertThat(run(Map.of(), "--version").out()).startsWith("Fanfare ");
  }
}
