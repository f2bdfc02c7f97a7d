package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage.WebhookDraft;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Identifies a pending event for all nodes: its id is unique in one outbox only, so what it says
/// and when it happened count too.
final class EventKey {

  private EventKey() {}

  /// @param id in the outbox that has accepted the event first
  static long of(long id, String appId, WebhookDraft draft) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer numbers = ByteBuffer.allocate(3 * Long.BYTES);
      numbers.putLong(id).putLong(draft.endpoint()).putLong(draft.createdMs());
      digest.update(numbers.array());
      digest.update(appId.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(draft.channel().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(draft.event().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
