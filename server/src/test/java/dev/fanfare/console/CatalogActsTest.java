package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.ReadOnlyStore;
import dev.fanfare.config.AppJson;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.console.login.Role;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.MemoryAppStore;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Apps that administrators change in the console, and what the audit log says about it.
@Tag("one-node")
final class CatalogActsTest {

  private static final AppJson FORMAT = new AppJson(Draft.empty(), new Random(1));
  private static final String ANN = "[who=\"ann\", role=\"admin\", address=\"127.0.0.1\"] ";

  private final ConsoleNode node =
      new ConsoleNode(
          ConsoleNode.user("ann", Role.ADMIN),
          ConsoleNode.user("bob", Role.OPERATOR),
          ConsoleNode.user("eve", Role.ADMIN, "2"));

  private final AuditLines audit = new AuditLines();
  private String ann = "";

  @BeforeEach
  void manage() throws IOException {
    FanfareServer server = node.node().server();
    server.manage(
        new AppCatalog(
            new MemoryAppStore(List.of(ConsoleNode.APP, ConsoleNode.OTHER), server::reload),
            FORMAT));
    ann = node.login("ann");
  }

  @AfterEach
  void stop() {
    audit.close();
    node.close();
  }

  private String post(String path, String body) throws IOException {
    return node.post("/api/catalog" + path, body, ann).line();
  }

  @Test
  void anAdministratorChangesApps() throws IOException {
    assertThat(post("", "{\"id\":\"7\",\"key\":\"seven\"}"))
        .startsWith("200 {\"app\":{\"id\":\"7\",\"key\":\"seven\",")
        .contains("\"secret\":\"");
    assertThat(post("/7/change", "{\"client_events\":true}")).contains("\"client_events\":true");
    assertThat(post("/7/rotate", "{}")).contains("\"has_previous_secret\":true,\"secret\":\"");
    assertThat(post("/7/disable", "{}")).contains("\"enabled\":false");
    assertThat(post("/7/enable", "{}")).contains("\"enabled\":true");
    assertThat(node.request("GET", "/api/catalog?limit=1&after=2", "", ann).line())
        .isEqualTo(
            "200 {\"apps\":[{\"id\":\"7\",\"key\":\"seven\",\"enabled\":true,"
                + "\"has_previous_secret\":true}],\"next\":\"7\",\"changeable\":true}\n");
    assertThat(post("/7/delete", "{}")).isEqualTo("200 {\"deleted\":true}\n");
    assertThat(node.request("GET", "/api/catalog/7", "", ann).status()).isEqualTo(404);
    assertThat(audit.all())
        .containsSubsequence(
            ANN + "create app 7: done",
            ANN + "change app 7: done",
            ANN + "rotate app 7: done",
            ANN + "disable app 7: done",
            ANN + "enable app 7: done",
            ANN + "delete app 7: done");
  }

  @Test
  void othersMayReadAtMost() throws IOException {
    String bob = node.login("bob");
    assertThat(node.request("GET", "/api/catalog/2", "", bob).status()).isEqualTo(200);
    assertThat(node.post("/api/catalog/2/delete", "{}", bob).status()).isEqualTo(403);
    String eve = node.login("eve");
    assertThat(node.request("GET", "/api/catalog", "", eve).status()).isEqualTo(403);
    assertThat(node.post("/api/catalog/2/delete", "{}", eve).status()).isEqualTo(403);
    assertThat(node.node().server().apps().known("2")).isEqualTo(ConsoleNode.OTHER);
  }

  @Test
  void appsOfAFileAreReadOnly() throws IOException {
    String reason = "the apps are defined in fanfare.yaml; change them there and reload";
    FanfareServer server = node.node().server();
    server.manage(new AppCatalog(new ReadOnlyStore(server.apps(), reason), FORMAT));
    assertThat(node.request("GET", "/api/catalog", "", ann).line())
        .endsWith("\"changeable\":false,\"reason\":\"" + reason + "\"}\n");
    assertThat(node.post("/api/catalog/2/delete", "{}", ann).status()).isEqualTo(409);
    assertThat(audit.all()).contains(ANN + "delete app 2: " + reason);
  }
}
