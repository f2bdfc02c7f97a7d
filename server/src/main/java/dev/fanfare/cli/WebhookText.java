package dev.fanfare.cli;

import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The server's responses about webhooks as text for a terminal.
final class WebhookText {

  private static final int MAX_CHARS = 60;
  private static final String ROW = "%-8s  %-24s  %s%n";

  private WebhookText() {}

  /// One line for each webhook of a page, and the totals.
  static String list(String json) throws MalformedJson {
    JsonNode page = JsonDocument.readObject(json);
    JsonNode webhooks = page.path("webhooks");
    StringBuilder out = new StringBuilder();
    if (!webhooks.isEmpty()) {
      out.append(String.format(ROW, "ID", "CREATED", "EVENT"));
    }
    webhooks.forEach(webhook -> out.append(row(webhook)));
    String next = JsonDocument.field(page, "next");
    if (next != null) {
      out.append("More with --after ").append(clean(next)).append('\n');
    }
    return out.append(totals(page)).toString();
  }

  private static String row(JsonNode webhook) {
    String endpoint = withoutQuery(clean(JsonDocument.field(webhook, "endpoint")));
    String what = shortened(JsonDocument.field(webhook, "event")) + " to " + endpoint;
    String reason = JsonDocument.field(webhook, "reason");
    return String.format(
        ROW,
        clean(JsonDocument.field(webhook, "id")),
        time(JsonDocument.field(webhook, "created_ms")),
        reason == null ? what : what + ": " + clean(reason));
  }

  private static String totals(JsonNode page) {
    JsonNode counts = page.path("counts");
    return String.format(
        "Server totals: %s pending, %s dead; %s accepted, %s delivered, %s given up so far.%n%s",
        clean(JsonDocument.field(counts, "pending")),
        clean(JsonDocument.field(counts, "dead_letters")),
        clean(JsonDocument.field(counts, "accepted")),
        clean(JsonDocument.field(counts, "delivered")),
        clean(JsonDocument.field(counts, "died")),
        page.path("durable").asBoolean(false)
            ? ""
            : "Webhooks are currently in memory only and will be lost when the server stops.\n");
  }

  /// One line for each field of a webhook.
  static String show(String json) throws MalformedJson {
    JsonNode webhook = JsonDocument.readObject(json);
    StringBuilder out = new StringBuilder();
    for (String name : webhook.propertyNames()) {
      String value = JsonDocument.field(webhook, name);
      boolean isTime = name.endsWith("_ms");
      String label = isTime ? name.substring(0, name.length() - "_ms".length()) : name;
      out.append(String.format("%-8s  %s%n", label, isTime ? time(value) : clean(value)));
    }
    return out.toString();
  }

  /// One field of an object, a number.
  static String number(String json, String field) throws MalformedJson {
    return clean(JsonDocument.field(JsonDocument.readObject(json), field));
  }

  /// Some receivers expect a secret in the query.
  private static String withoutQuery(String endpoint) {
    return endpoint.replaceFirst("\\?.*", "?…");
  }

  private static String time(@Nullable String ms) {
    return ms == null || !ms.matches("[0-9]{1,15}")
        ? clean(ms)
        : Instant.ofEpochMilli(Long.parseLong(ms)).toString();
  }

  private static String shortened(@Nullable String text) {
    String clean = clean(text);
    return clean.length() > MAX_CHARS ? clean.substring(0, MAX_CHARS) + "…" : clean;
  }

  /// Clients choose parts of the text, and it is printed to a terminal.
  private static String clean(@Nullable String text) {
    return text == null ? "?" : text.replaceAll("\\p{Cntrl}", " ");
  }
}
