package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.console.login.PasswordHash;
import dev.fanfare.console.login.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The users of the console, and what it needs beyond loopback.
final class ConsoleConfigTest {

  private static final String HASH =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  private static final String ANN = "{name: ann, role: operator, password_hash: '" + HASH + "'}";
  private static final ConsoleUser USER =
      new ConsoleUser(
          "ann", Role.OPERATOR, Objects.requireNonNull(PasswordHash.parse(HASH)), List.of());

  @TempDir private Path directory;

  private Given console(String options) {
    return new Given(directory).yaml("server: {console: true, " + options + "}");
  }

  @Test
  void usersAreRead() {
    ConsoleOptions options =
        console("console_users: [" + ANN + "], console_url: 'https://console.example'")
            .config()
            .console();
    assertThat(options.users()).containsExactly(USER);
    assertThat(options.url()).isEqualTo("https://console.example");
  }

  @Test
  void usersAreReadFromAFile() throws IOException {
    Path file = directory.resolve("users.yaml");
    Files.writeString(file, "- " + ANN + "\n- " + ANN.replace("ann", "bob, apps: [1, main]"));
    Given given =
        console("console_traces: 7").variable("FANFARE_CONSOLE_USERS_FILE", file.toString());
    assertThat(given.config().console().users())
        .containsExactly(
            USER, new ConsoleUser("bob", Role.OPERATOR, USER.hash(), List.of("1", "main")));
    assertThat(console("console_users_file: " + file).config().console().users()).hasSize(2);
    Files.writeString(file, "- {name: ann, role: king}");
    given = new Given(directory).variable("FANFARE_CONSOLE_USERS_FILE", file.toString());
    assertThat(given.problems())
        .containsExactly(
            "users.yaml:1:21: FANFARE_CONSOLE_USERS_FILE[0].role is \"king\", but must be one of"
                + " viewer, operator, admin",
            "users.yaml:1:3: FANFARE_CONSOLE_USERS_FILE[0].password_hash is missing");
  }

  /// Without their comment marks, the lines of the Compose file are a configuration.
  @Test
  void theLinesOfTheComposeFileAreAccepted() throws IOException {
    Path file = directory.resolve("users.yaml");
    Files.writeString(file, "- " + ANN);
    Pattern variable = Pattern.compile("(?m)^ +# (FANFARE_CONSOLE\\w*): \"?([^\"\n]+)\"?$");
    Given given = new Given(directory).yaml("server: {}");
    String compose = Files.readString(Path.of("../docker/compose.yaml"));
    for (MatchResult found : variable.matcher(compose).results().toList()) {
      boolean isFile = found.group(1).endsWith("_FILE");
      given = given.variable(found.group(1), isFile ? file.toString() : found.group(2));
    }
    ConsoleOptions options = given.config().console();
    assertThat(options.enabled()).isTrue();
    assertThat(options.host()).isEqualTo("0.0.0.0");
    assertThat(options.users()).containsExactly(USER);
    assertThat(compose).contains("# - \"127.0.0.1:9602:9602\"");
  }

  @Test
  void badUsersAreExplainedWithoutTheirHashes() {
    assertThat(console("console_users: [" + ANN + ", " + ANN + "]").problems())
        .singleElement()
        .asString()
        .endsWith("server.console_users has ann twice");
    assertThat(
            console("console_users: [{name: a b, role: viewer, password_hash: hush}]").problems())
        .noneMatch(problem -> problem.contains("hush"))
        .anyMatch(problem -> problem.contains("server.console_users[0].name is \"a b\", but must"))
        .anyMatch(problem ->
            problem.contains(
                "server.console_users[0].password_hash is a value that is not shown here"));
    assertThat(console("console_users: hush").problems())
        .singleElement()
        .asString()
        .doesNotContain("hush")
        .contains("server.console_users is a text, but must be a list of users");
    assertThat(console("console_users: [" + ANN.replace("role", "rolle") + "]").problems())
        .anyMatch(problem -> problem.contains("server.console_users[0].rolle is not known"));
    assertThat(console("console_users: [" + ANN.replace("}", ", apps: x}") + "]").problems())
        .singleElement()
        .asString()
        .contains("server.console_users[0].apps must be a list of app ids");
  }

  @Test
  void beyondLoopbackItNeedsUsersAndTls() {
    assertThat(console("console_host: 0.0.0.0").problems())
        .singleElement()
        .asString()
        .contains("server.console_host is \"0.0.0.0\", which is no loopback address, but")
        .contains("console_users is empty");
    assertThat(console("console_host: 0.0.0.0, console_users: [" + ANN + "]").problems())
        .singleElement()
        .asString()
        .contains("there is no tls_certificate");
    assertThat(
            console("console_host: 0.0.0.0, console_insecure: true, console_users: [" + ANN + "]")
                .config()
                .console()
                .insecure())
        .isTrue();
    assertThat(new Given(directory).yaml("server: {console_host: 0.0.0.0}").config()).isNotNull();
  }

  @Test
  void theEffectiveConfigurationHasNoHash() {
    String yaml = EffectiveYaml.of(console("console_users: [" + ANN + "]").config());
    assertThat(yaml)
        .contains(
            "console_users: [{name: ann, role: operator, password_hash: \"********\", apps: []}]")
        .doesNotContain("argon2id");
  }
}
