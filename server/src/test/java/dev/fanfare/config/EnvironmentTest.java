package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.log.LogOptions;
import dev.fanfare.transport.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server and its apps, configured with variables.
final class EnvironmentTest {

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  @Test
  void noVariablesMeanTheDefaults() {
    Config config = given.variable("PATH", "/bin").config();
    assertThat(config.server()).isEqualTo(ServerOptions.DEFAULTS);
    assertThat(config.log()).isEqualTo(LogOptions.DEFAULTS);
    assertThat(config.apps()).isEmpty();
  }

  @Test
  void oneApp() {
    App app =
        given
            .variable("FANFARE_APP_ID", "1")
            .variable("FANFARE_APP_KEY", "abc")
            .variable("FANFARE_APP_SECRET", "xyz")
            .variable("FANFARE_APP_CLIENT_EVENTS", "true")
            .variable("FANFARE_APP_ALLOWED_ORIGINS", "a.com, *.b.com,https://c.com:8443")
            .variable("FANFARE_APP_LIMITS_MAX_PRESENCE_MEMBERS", "7")
            .config()
            .apps()
            .getFirst();
    assertThat(app.id()).isEqualTo("1");
    assertThat(app.key()).isEqualTo("abc");
    assertThat(app.secret()).isEqualTo(new Secret("xyz"));
    assertThat(app.options().clientEvents()).isTrue();
    assertThat(app.options().allowedOrigins())
        .containsExactly("a.com", "*.b.com", "https://c.com:8443");
    assertThat(app.limits().maxPresenceMembers()).isEqualTo(7);
  }

  @Test
  void manyAppsInOneVariable() {
    List<App> apps = given.variable("FANFARE_APPS", "abc:x:@y@1; def:z@2;").config().apps();
    assertThat(apps).extracting(App::id).containsExactly("1", "2");
    assertThat(apps).extracting(App::key).containsExactly("abc", "def");
    assertThat(apps).extracting(App::secret).containsExactly(new Secret("x:@y"), new Secret("z"));
  }

  @Test
  void manyAppsByNumber() {
    List<App> apps =
        given
            .variable("FANFARE_APPS_10_ID", "3")
            .variable("FANFARE_APPS_10_KEY", "c")
            .variable("FANFARE_APPS_10_SECRET", "z")
            .variable("FANFARE_APPS_2_ID", "2")
            .variable("FANFARE_APPS_2_KEY", "b")
            .variable("FANFARE_APPS_2_SECRET", "y")
            .variable("FANFARE_APPS_2_LIMITS_MAX_EVENT_BYTES", "99")
            .config()
            .apps();
    assertThat(apps).extracting(App::id).containsExactly("2", "3");
    assertThat(apps.getFirst().limits().maxEventBytes()).isEqualTo(99);
  }

  @Test
  void aNumberAddsOptionsToAnAppOfTheList() {
    List<App> apps =
        given
            .variable("FANFARE_APPS", "a:x@1;b:y@2")
            .variable("FANFARE_APPS_1_WATCHLISTS", "true")
            .config()
            .apps();
    assertThat(apps).extracting(app -> app.options().watchlists()).containsExactly(false, true);
    assertThat(given.variable("FANFARE_APPS_1_KEY", "c").problems())
        .containsExactly(
            "environment: FANFARE_APPS_1_KEY conflicts with FANFARE_APPS;" + " keep one of them");
  }

  @Test
  void aSecretFromAFile() {
    Path file = given.write("secret", "from file\n");
    App app =
        given
            .variable("FANFARE_APP_ID", "1")
            .variable("FANFARE_APP_KEY", "abc")
            .variable("FANFARE_APP_SECRET_FILE", file.toString())
            .config()
            .apps()
            .getFirst();
    assertThat(app.secret()).isEqualTo(new Secret("from file"));
  }

  @Test
  void theListHasAFixedFormat() {
    assertThat(given.variable("FANFARE_APPS", "hush;;a:@1").problems())
        .containsExactly(
            "environment: entry 0 of FANFARE_APPS is not an app;"
                + " write key:secret@id, with ; between apps",
            "environment: entry 1 of FANFARE_APPS is empty;"
                + " write key:secret@id, with ; between apps",
            "environment: FANFARE_APPS_2_SECRET is empty,"
                + " but must be a text without control characters, and without spaces around it");
    assertThat(given.variable("FANFARE_APPS", "").problems())
        .containsExactly(
            "environment: entry 0 of FANFARE_APPS is empty;"
                + " write key:secret@id, with ; between apps");
  }

  @Test
  void missingPartsOfAnAppAreReported() {
    assertThat(given.variable("FANFARE_APP_CLIENT_EVENTS", "true").problems())
        .containsExactly(
            "environment: FANFARE_APP_ID is missing",
            "environment: FANFARE_APP_KEY is missing",
            "environment: FANFARE_APP_SECRET is missing");
  }

  @Test
  void anUnknownVariableGetsASuggestion() {
    assertThat(
            given
                .variable("FANFARE_PROT", "1")
                .variable("FANFARE_KEY", "1")
                .variable("FANFARE_APP_MAX_EVENT_BYTES", "1")
                .variable("FANFARE_APPS_0_SECRT", "1")
                .variable("FANFARE_FILE", "1")
                .variable("FANFARE_CONFG", "1")
                .problems())
        .contains(
            "environment: FANFARE_PROT is not known; did you mean FANFARE_PORT?",
            "environment: FANFARE_KEY is not known; did you mean FANFARE_APP_KEY?",
            "environment: FANFARE_APP_MAX_EVENT_BYTES is not known;"
                + " did you mean FANFARE_APP_LIMITS_MAX_EVENT_BYTES?",
            "environment: FANFARE_APPS_0_SECRT is not known; did you mean FANFARE_APPS_0_SECRET?",
            "environment: FANFARE_FILE is not known",
            "environment: FANFARE_CONFG is not known; did you mean FANFARE_CONFIG?");
  }

  @Test
  void anEmptyVariableIsAnError() {
    assertThat(given.variable("FANFARE_PORT", "").variable("FANFARE_CONFIG", "").problems())
        .containsExactly(
            "environment: FANFARE_CONFIG is empty, but must be the path of a file",
            "environment: FANFARE_PORT is empty, but must be a whole number from 0 to 65535");
  }

  @Test
  void variablesOfKubernetesServicesAreIgnored() {
    assertThat(
            given
                .variable("FANFARE_PORT", "tcp://10.0.0.7:6001")
                .variable("FANFARE_PORT_6001_TCP", "tcp://10.0.0.7:6001")
                .variable("FANFARE_PORT_6001_TCP_ADDR", "10.0.0.7")
                .variable("FANFARE_SERVICE_HOST", "10.0.0.7")
                .variable("FANFARE_SERVICE_PORT_HTTP", "6001")
                .variable("FANFARE_REDIS_PORT", "tcp://10.0.0.8:6379")
                .config()
                .server())
        .isEqualTo(ServerOptions.DEFAULTS);
  }
}
