package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.DISCONNECTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.Secret;
import dev.fanfare.config.AppJson;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.MemoryAppStore;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An official client uses an app that an operator has created, until the operator deletes it.
@Tag("one-node")
final class CreatedAppTest {

  private static final OperatorKey KEY =
      new OperatorKey("ops", "operator-key", new Secret("operator-secret-1"));

  @Test
  void aClientUsesANewAppUntilItIsDeleted() throws IOException {
    try (TestNode node =
            TestNode.start(
                TestNode.PARTS.withOperators(List.of(KEY)),
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                TestNode.APP);
        Api operator = new Api(node.port(), KEY.signer())) {
      FanfareServer server = node.server();
      server.manage(
          new AppCatalog(
              new MemoryAppStore(List.of(TestNode.APP), server::reload),
              new AppJson(Draft.empty(), new Random(1))));
      String body = "{\"id\":\"5\",\"key\":\"new-key\",\"secret\":\"new-secret-1\"}";
      assertThat(operator.send("POST", "/operator/apps", "", body).statusCode()).isEqualTo(201);
      App created =
          TestNode.APP.withId("5").withKey("new-key").withSecret(new Secret("new-secret-1"));
      try (Device device = new Device("new-key", Device.options(node.port())).connect();
          Api api = new Api(node.port(), created)) {
        assertThat(api.get("/channels", "").statusCode()).isEqualTo(200);
        assertThat(operator.send("DELETE", "/operator/apps/5", "", "").statusCode()).isEqualTo(200);
        device.connection().awaitError("4001 The app was removed from this server");
        device.connection().await(DISCONNECTED);
        assertThat(api.get("/channels", "").statusCode()).isEqualTo(404);
      }
    }
  }
}
