package dev.fanfare.cli.console;

import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Apps as text for a terminal, and options of a command line as JSON.
public final class AppText {

  private static final String ROW = "%-12s  %-24s  %s%n";

  private AppText() {}

  /// One line for each app of a page.
  public static String list(String json) throws MalformedJson {
    JsonNode page = JsonDocument.readObject(json);
    StringBuilder out = new StringBuilder();
    if (!page.path("apps").isEmpty()) {
      out.append(String.format(ROW, "ID", "KEY", "STATE"));
    }
    for (JsonNode app : page.path("apps")) {
      String state = app.path("enabled").asBoolean(true) ? "enabled" : "disabled";
      boolean isRotated = app.path("has_previous_secret").asBoolean(false);
      out.append(
          String.format(
              ROW,
              clean(JsonDocument.field(app, "id")),
              clean(JsonDocument.field(app, "key")),
              isRotated ? state + ", with a previous secret" : state));
    }
    String next = JsonDocument.field(page, "next");
    if (next != null) {
      out.append("More with --after ").append(clean(next)).append('\n');
    }
    String reason = JsonDocument.field(page, "reason");
    if (reason != null) {
      out.append("Read-only: ").append(clean(reason)).append(".\n");
    }
    return out.toString();
  }

  /// One line for each option of an app.
  public static String show(String json) throws MalformedJson {
    JsonNode answer = JsonDocument.readObject(json);
    StringBuilder out = new StringBuilder();
    lines("", answer.path("app"), out);
    boolean isRotated = answer.path("has_previous_secret").asBoolean(false);
    return out.append(isRotated ? "It has a previous secret.\n" : "").toString();
  }

  private static void lines(String prefix, JsonNode object, StringBuilder out) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = prefix + field.getKey();
      if (field.getValue().isObject()) {
        lines(name + ".", field.getValue(), out);
      } else {
        JsonNode value = field.getValue();
        String text = value.isString() ? value.asString() : value.toString();
        out.append(clean(name)).append(": ").append(clean(text)).append('\n');
      }
    }
  }

  /// What identifies an app, with its secret if that was generated.
  public static String credentials(String json) throws MalformedJson {
    JsonNode answer = JsonDocument.readObject(json);
    JsonNode app = answer.path("app");
    String secret = JsonDocument.field(answer, "secret");
    return "id: "
        + clean(JsonDocument.field(app, "id"))
        + "\nkey: "
        + clean(JsonDocument.field(app, "key"))
        + "\n"
        + (secret == null ? "" : "secret: " + clean(secret) + "\nThe secret is not shown again.\n");
  }

  /// Words such as `limits.max_connections=5` as a JSON object. A value is JSON if it is null or
  /// begins with a bracket, and else a text, which the server reads as it reads a configuration.
  public static String body(List<String> words) {
    ObjectNode root = JsonDocument.object();
    for (String word : words) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = word.substring(equals + 1);
      ObjectNode target = root;
      String[] parts = name.split("\\.", -1);
      for (int i = 0; i < parts.length - 1; i++) {
        target = target.withObjectProperty(parts[i]);
      }
      put(target, parts[parts.length - 1], equals < 0 ? "" : value);
    }
    return JsonDocument.text(root);
  }

  private static void put(ObjectNode target, String name, String value) {
    if (value.equals("null")) {
      target.putNull(name);
      return;
    }
    try {
      if (value.startsWith("[") || value.startsWith("{")) {
        target.set(name, JsonDocument.readObject("{\"v\":" + value + "}").path("v"));
        return;
      }
    } catch (MalformedJson e) {
      // the server says what is wrong with the text
    }
    target.put(name, value);
  }

  private static String clean(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\p{Cntrl}", " ");
  }
}
