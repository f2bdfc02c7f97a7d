package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.ReadOnlyStore;
import dev.fanfare.app.Secret;
import dev.fanfare.config.AppJson;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.MemoryAppStore;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fanfare apps` against a running server: its output and its exit codes.
@Tag("one-node")
final class AppsCommandTest {

  private static final OperatorKey KEY =
      new OperatorKey("ann", "operator-key", new Secret("operator-secret-1"));

  private static TestNode node;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.PARTS.withOperators(List.of(KEY)),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            TestNode.APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void manage() {
    FanfareServer server = node.server();
    server.reload(List.of(TestNode.APP));
    server.manage(
        new AppCatalog(
            new MemoryAppStore(List.of(TestNode.APP), server::reload),
            new AppJson(Draft.empty(), new Random(1))));
  }

  private Outcome run(String... args) {
    return run(Map.of(), args);
  }

  private Outcome run(Map<String, String> environment, String... args) {
    Stream<String> server =
        environment.isEmpty()
            ? Stream.of(
                "--server",
                "http://127.0.0.1:" + node.port(),
                "--key",
                KEY.key(),
                "--secret",
                KEY.secret().reveal())
            : Stream.of();
    String[] words =
        Stream.concat(Stream.concat(Stream.of("apps"), Arrays.stream(args)), server)
            .toArray(String[]::new);
    return Outcome.of(environment, words);
  }

  private static Outcome good(String out) {
    return new Outcome(0, out, "");
  }

  @Test
  void anAppIsCreatedListedChangedAndDeleted() {
    assertThat(run("create", "id=7", "key=seven", "limits.max_connections=5", "secret=shh-shh-shh"))
        .isEqualTo(good("id: 7\nkey: seven\n"));
    assertThat(run("list"))
        .isEqualTo(
            good(
                """
                ID            KEY                       STATE
                7             seven                     enabled
                1234          278d425bdf160c739803      enabled
                """));
    assertThat(run("list", "--limit", "1").out()).endsWith("enabled\nMore with --after 7\n");
    assertThat(run("list", "--after", "7").out()).doesNotContain("seven");
    assertThat(run("show", "7").out())
        .startsWith("id: 7\nkey: seven\nenabled: true\n")
        .contains("\nlimits.max_connections: 5\n")
        .endsWith("\nwebhooks: []\nhistory: []\n");
    assertThat(
            run("change", "7", "limits.max_connections=null", "webhooks=[{\"url\":\"http://a\"}]"))
        .isEqualTo(good("Changed app 7.\n"));
    assertThat(run("show", "7").out())
        .contains("\nlimits.max_connections: 0\n")
        .contains("webhooks: [{\"url\":\"http://a\"");
    assertThat(run("disable", "7")).isEqualTo(good("Disabled app 7.\n"));
    assertThat(run("list").out()).contains("seven                     disabled\n");
    assertThat(run("enable", "7")).isEqualTo(good("Enabled app 7.\n"));
    assertThat(run("rotate", "7").out())
        .matches("id: 7\nkey: seven\nsecret: [0-9a-f]{40}\nThe secret is not shown again.\n");
    assertThat(run("show", "7").out()).endsWith("\nIt has a previous secret.\n");
    assertThat(run("rotate", "7", "--drop-previous", "--json").out())
        .contains("\"has_previous_secret\":false,\"secret\":\"");
    assertThat(run("delete", "7")).isEqualTo(good("Deleted app 7.\n"));
    assertThat(run("show", "7"))
        .isEqualTo(new Outcome(1, "", "fanfare: the server answered 404: Unknown app id 7\n"));
  }

  @Test
  void optionsMayBeInAFile() throws IOException {
    Path file = directory.resolve("app.json");
    Files.writeString(file, "{\"id\":\"8\",\"key\":\"eight\",\"secret\":\"s-s-s-s-s\"}");
    assertThat(run("create", "--file", file.toString())).isEqualTo(good("id: 8\nkey: eight\n"));
    assertThat(run("create", "--file", file.toString(), "id=9").exitCode()).isEqualTo(2);
    assertThat(run("change", "8").err())
        .contains("Specify what to change: OPTION=VALUE, or --file.");
  }

  @Test
  void theServersConfigurationHasTheKey() {
    Map<String, String> environment =
        Map.of(
            "FANFARE_HOST",
            "127.0.0.1",
            "FANFARE_PORT",
            String.valueOf(node.port()),
            "FANFARE_OPERATOR_KEYS",
            "ann:" + KEY.key() + ":" + KEY.secret().reveal());
    assertThat(run(environment, "list").exitCode()).isZero();
    assertThat(run(environment, "list", "--key", "bob").err())
        .isEqualTo("No operator key bob is configured, only ann.\n");
    assertThat(run(Map.of("FANFARE_HOST", "127.0.0.1"), "list").err())
        .isEqualTo(
            "No operator key is configured (server.operator_keys); add --key and --secret-file.\n");
  }

  @Test
  void appsOfAFileAreReadOnly() {
    FanfareServer server = node.server();
    String reason = "the apps are defined in fanfare.yaml; change them there and reload";
    server.manage(
        new AppCatalog(
            new ReadOnlyStore(server.apps(), reason), new AppJson(Draft.empty(), new Random(1))));
    assertThat(run("list").out()).endsWith("\nRead-only: " + reason + ".\n");
    assertThat(run("delete", "1234"))
        .isEqualTo(new Outcome(1, "", "fanfare: the server answered 409: " + reason + "\n"));
  }
}
