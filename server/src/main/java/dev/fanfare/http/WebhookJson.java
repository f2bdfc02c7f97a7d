package dev.fanfare.http;

import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.webhook.outbox.Outbox;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// The answers of [WebhooksApi] as JSON. Separate from it, so that data binding is loaded when the
/// first of these questions comes and not when the server starts. Not for event loops.
final class WebhookJson {

  private WebhookJson() {}

  /// A page of dead letters; `letters` has one more than `limit` if there is a next page.
  static byte[] dead(List<Outbox.DeadLetter> letters, int limit, Outbox outbox) {
    return page(letters, limit, letter -> letter.entry().id(), WebhookJson::document, outbox);
  }

  /// A page of pending webhooks; `entries` has one more than `limit` if there is a next page.
  static byte[] pending(List<Outbox.Entry> entries, int limit, Outbox outbox) {
    return page(entries, limit, Outbox.Entry::id, e -> document(e, "pending"), outbox);
  }

  private static <T> byte[] page(
      List<T> webhooks,
      int limit,
      Function<T, Long> id,
      Function<T, ObjectNode> document,
      Outbox outbox) {
    ObjectNode page = JsonDocument.object();
    ArrayNode array = page.putArray("webhooks");
    webhooks.stream().limit(limit).map(document).forEach(array::add);
    if (webhooks.size() > limit) {
      page.put("next", id.apply(webhooks.get(limit - 1)));
    }
    Outbox.Counts counts = outbox.counts();
    page.putObject("counts")
        .put("accepted", counts.accepted())
        .put("delivered", counts.delivered())
        .put("died", counts.died())
        .put("pending", counts.pending())
        .put("dead_letters", counts.deadLetters());
    return JsonDocument.utf8(page.put("durable", outbox.isDurable()));
  }

  static byte[] dead(Outbox.DeadLetter letter) {
    return JsonDocument.utf8(document(letter));
  }

  static byte[] pending(Outbox.Entry entry) {
    return JsonDocument.utf8(document(entry, "pending"));
  }

  /// @param id of the new webhook
  static byte[] replayed(long id, long replayOf) {
    return JsonDocument.utf8(JsonDocument.object().put("id", id).put("replay_of", replayOf));
  }

  /// @param action what was done with that many dead letters: `replayed` or `purged`
  static byte[] count(String action, long count) {
    return JsonDocument.utf8(JsonDocument.object().put(action, count));
  }

  private static ObjectNode document(Outbox.DeadLetter letter) {
    return document(letter.entry(), "dead")
        .put("died_ms", letter.diedMs())
        .put("attempts", letter.attempts())
        .put("reason", letter.reason());
  }

  private static ObjectNode document(Outbox.Entry entry, String state) {
    Outbox.Draft draft = entry.draft();
    return JsonDocument.object()
        .put("id", entry.id())
        .put("state", state)
        .put("endpoint", draft.endpoint())
        .put("channel", draft.channel())
        .put("created_ms", draft.createdMs())
        .putRawValue("event", new RawValue(draft.event()));
  }
}
