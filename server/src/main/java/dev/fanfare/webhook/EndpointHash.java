package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/// Names an endpoint to another node, which has the same configuration: its URL may contain
/// secrets, and stays here.
final class EndpointHash {

  private EndpointHash() {}

  /// @param endpointId [WebhookEndpoint#id]
  static long of(String appId, String endpointId) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(appId.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(endpointId.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The ids of the endpoints of an app by their hash.
  static Map<Long, String> endpoints(App app) {
    Map<Long, String> ids = new HashMap<>();
    for (WebhookEndpoint endpoint : app.webhooks()) {
      ids.put(of(app.id(), endpoint.id()), endpoint.id());
    }
    return ids;
  }
}
