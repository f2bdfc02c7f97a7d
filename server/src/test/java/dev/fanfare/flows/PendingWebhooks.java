package dev.fanfare.flows;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.testing.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Webhook events that a node has accepted and its receivers have not.
final class PendingWebhooks {

  private PendingWebhooks() {}

  /// How many there are, as the HTTP API says.
  static int count(int port, App app) {
    List<Integer> found = new ArrayList<>();
    try (Api api = new Api(port, app)) {
      Json.readObject(
          api.get("/webhooks", "").body(),
          (field, value) -> {
            if (field.equals("counts")) {
              value.object((name, count) -> {
                if (name.equals("pending")) {
                  found.add(Integer.parseInt(count.literal()));
                }
              });
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedJson e) {
      throw new AssertionError(e);
    }
    return found.getFirst();
  }
}
