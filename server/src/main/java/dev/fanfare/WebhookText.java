package dev.fanfare;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the server says about webhooks, put for people.
final class WebhookText {

  private static final int MAX_CHARS = 60;
  private static final String ROW = "%-8s  %-24s  %s%n";

  private WebhookText() {}

  /// A line for each webhook of a page, and how things stand.
  static String list(String json) throws MalformedJson {
    List<Map<String, String>> webhooks = new ArrayList<>();
    Map<String, String> counts = new LinkedHashMap<>();
    Map<String, String> rest = new LinkedHashMap<>();
    Json.readObject(
        json,
        (name, value) -> {
          switch (name) {
            case "webhooks" ->
                value.objects(() -> {
                  Map<String, String> webhook = new LinkedHashMap<>();
                  webhooks.add(webhook);
                  return fields(webhook);
                });
            case "counts" -> value.object(fields(counts));
            default -> fields(rest).field(name, value);
          }
        });
    StringBuilder out = new StringBuilder();
    if (!webhooks.isEmpty()) {
      out.append(String.format(ROW, "ID", "CREATED", "WHAT"));
    }
    webhooks.forEach(webhook -> out.append(row(webhook)));
    String next = rest.get("next");
    if (next != null) {
      out.append("There are more: --after ").append(next).append('\n');
    }
    return out.append(standing(counts, rest)).toString();
  }

  private static String row(Map<String, String> webhook) {
    String what = shortened(webhook.get("event")) + " to " + clean(webhook.get("endpoint"));
    String reason = webhook.get("reason");
    return String.format(
        ROW,
        clean(webhook.get("id")),
        time(webhook.get("created_ms")),
        reason == null ? what : what + ": " + clean(reason));
  }

  private static String standing(Map<String, String> counts, Map<String, String> rest) {
    boolean durable = "true".equals(rest.get("durable"));
    return String.format(
        "The whole server: %s pending, %s dead; %s accepted, %s delivered, %s given up so far.%n%s",
        counts.get("pending"),
        counts.get("dead_letters"),
        counts.get("accepted"),
        counts.get("delivered"),
        counts.get("died"),
        durable ? "" : "They are in memory only at the moment, and end with the server.\n");
  }

  /// Each field of one webhook on a line.
  static String show(String json) throws MalformedJson {
    Map<String, String> webhook = new LinkedHashMap<>();
    Json.readObject(json, fields(webhook));
    StringBuilder out = new StringBuilder();
    webhook.forEach((name, value) -> {
      boolean isTime = name.endsWith("_ms");
      String label = isTime ? name.substring(0, name.length() - "_ms".length()) : name;
      out.append(String.format("%-8s  %s%n", label, isTime ? time(value) : clean(value)));
    });
    return out.toString();
  }

  /// One number of an object.
  static String number(String json, String field) throws MalformedJson {
    Map<String, String> all = new LinkedHashMap<>();
    Json.readObject(json, fields(all));
    return clean(all.get(field));
  }

  private static Json.Fields fields(Map<String, String> into) {
    return (name, value) -> into.put(name, value.isString() ? value.string() : value.compact());
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

  /// Strangers choose parts of the text, and it goes to a terminal.
  private static String clean(@Nullable String text) {
    return text == null ? "?" : text.replaceAll("\\p{Cntrl}", " ");
  }
}
