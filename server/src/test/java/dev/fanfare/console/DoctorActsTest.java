package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.console.act.ConfigView;
import dev.fanfare.console.act.DoctorRuns;
import dev.fanfare.console.act.Program;
import dev.fanfare.console.login.Role;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The doctor over the console's API, byte by byte: who may send it where, and how often.
final class DoctorActsTest {

  private static final String OK = "200 {\"id\":\"";

  private final CountDownLatch ending = new CountDownLatch(1);

  private final ConsoleNode node =
      new ConsoleNode(
          ConsoleNode.user("ann", Role.OPERATOR),
          ConsoleNode.user("bob", Role.ADMIN),
          ConsoleNode.user("cid", Role.ADMIN, "2"));

  private final AuditLines audit = new AuditLines();
  private String ann = "";
  private String bob = "";

  /// A doctor that says where it was sent, and waits.
  private final class Waiting implements Program {

    @Override
    public ConfigView config() {
      return new ConfigView("", List.of(), List.of(), null);
    }

    @Override
    public Parsed<DoctorRuns.Examination> examination(App app, @Nullable String url) {
      return "bad".equals(url)
          ? new Parsed.Bad<>("bad is no URL")
          : new Parsed.Ok<>(progress -> {
            progress.accept(new DoctorRuns.Step("tcp", "ok", app.id() + " at " + url));
            try {
              ending.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            progress.accept(new DoctorRuns.Step("tls", "failed", "x".repeat(9_000)));
            return "paste this";
          });
    }
  }

  @BeforeEach
  void login() throws IOException {
    ann = node.login("ann");
    bob = node.login("bob");
  }

  @AfterEach
  void stop() {
    ending.countDown();
    audit.close();
    node.close();
  }

  private String start(String body, String who) throws IOException {
    return node.post("/api/doctor", body, who).line();
  }

  private String show(String id, String who) throws IOException {
    return node.request("GET", "/api/doctor/" + id, "", who).line();
  }

  private String awaitShown(String part) throws IOException {
    String last = "";
    while (!last.contains(part)) {
      last = show("1", ann);
    }
    return last;
  }

  @Test
  void itExaminesTheServerForAnOperator() throws IOException {
    node.node().server().offer(new Waiting());
    assertThat(start("{\"app\":\"1234\"}", ann)).isEqualTo(OK + "1\"}\n");
    assertThat(awaitShown("tcp"))
        .isEqualTo(
            "200 {\"state\":\"running\",\"steps\":[{\"name\":\"tcp\",\"result\":\"ok\",\"text\":"
                + "\"1234 at null\"}]}\n");
    assertThat(show("1", node.login("cid")))
        .isEqualTo("404 {\"error\":\"No examination 1 is kept\"}");
    ending.countDown();
    assertThat(awaitShown("done"))
        .endsWith(
            ",{\"name\":\"tls\",\"result\":\"failed\",\"text\":\""
                + "x".repeat(8_000)
                + "…\"}],\"block\":\"paste this\"}\n");
    assertThat(audit.all())
        .contains(
            "[who=\"ann\", role=\"operator\", address=\"127.0.0.1\"] doctor app 1234: started");
  }

  @Test
  void anotherAddressIsForAdministrators() throws IOException {
    node.node().server().offer(new Waiting());
    String body = "{\"app\":\"1234\",\"url\":\"http://169.254.169.254/\"}";
    assertThat(start(body, ann))
        .isEqualTo(
            "403 {\"error\":\"Another address than the server's own needs the role admin\"}");
    assertThat(start(body, bob)).isEqualTo(OK + "1\"}\n");
    assertThat(start("{\"app\":\"1234\",\"url\":\"bad\"}", bob))
        .isEqualTo("400 {\"error\":\"bad is no URL\"}");
    assertThat(audit.all())
        .contains(
            "[who=\"ann\", role=\"operator\", address=\"127.0.0.1\"] doctor app 1234,"
                + " http://169.254.169.254/: refused with 403",
            "[who=\"bob\", role=\"admin\", address=\"127.0.0.1\"] doctor app 1234,"
                + " http://169.254.169.254/: started");
  }

  @Test
  void twoRunAtATime() throws IOException {
    node.node().server().offer(new Waiting());
    String body = "{\"app\":\"1234\"}";
    assertThat(start(body, ann)).startsWith(OK);
    assertThat(start(body, ann)).startsWith(OK);
    assertThat(start(body, ann))
        .isEqualTo("429 {\"error\":\"2 examinations are running: wait for one of them\"}");
    ending.countDown();
    awaitShown("done");
  }

  @Test
  void otherRequestsAreRefused() throws IOException {
    assertThat(start("{\"app\":\"1234\"}", ann))
        .isEqualTo("404 {\"error\":\"This server has no doctor\"}");
    node.node().server().offer(new Waiting());
    assertThat(start("{}", ann)).isEqualTo("400 {\"error\":\"Missing parameter: app\"}");
    assertThat(start("{\"app\":\"1234\"}", node.login("cid")))
        .isEqualTo("404 {\"error\":\"Unknown app id 1234\"}");
    assertThat(start("{\"app\":7}", ann))
        .isEqualTo("400 {\"error\":\"Expected parameter app to be a string\"}");
  }
}
