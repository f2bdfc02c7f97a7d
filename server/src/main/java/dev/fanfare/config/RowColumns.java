package dev.fanfare.config;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.config.schema.AppWriter;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.WebhookEvent;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes apps as rows.
final class RowColumns {

  private static final int KILOBYTE = 1_024;

  /// Options and limits that soketi's table has columns for.
  private static final Set<String> HAVE_COLUMNS =
      Set.of(
          "enabled",
          "clientEvents",
          "authorizedConnectionsOnly",
          "maxConnections",
          "maxHttpEventsPerSecond",
          "maxClientEventsPerSecond",
          "maxHttpReadsPerSecond",
          "maxPresenceMembers",
          "maxPresenceMemberBytes",
          "maxChannelNameChars",
          "maxChannelsPerEvent",
          "maxEventNameChars",
          "maxEventBytes",
          "maxBatchEvents");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private RowColumns() {}

  /// A row of our table.
  ///
  /// @param columns those that the JSON object of options must not have
  static Map<String, @Nullable String> ours(App app, List<String> columns) {
    ObjectNode options = (ObjectNode) JSON.readTree(AppWriter.settings(app));
    columns.forEach(options::remove);
    Secret previous = app.previousSecret();
    Map<String, @Nullable String> row = new LinkedHashMap<>();
    row.put("id", app.id());
    row.put("key", app.key());
    row.put("secret", app.secret().reveal());
    row.put("previous_secret", previous == null ? null : previous.reveal());
    row.put("enabled", number(app.options().enabled()));
    row.put("options", options.toString());
    return row;
  }

  /// A row of soketi's table. What it has no column for is not written.
  static Map<String, @Nullable String> soketi(App app) {
    Limits limits = app.limits();
    Map<String, @Nullable String> row = new LinkedHashMap<>();
    row.put("id", app.id());
    row.put("key", app.key());
    row.put("secret", app.secret().reveal());
    row.put("max_connections", ceiling(limits.maxConnections()));
    row.put("enabled", number(app.options().enabled()));
    row.put("enable_client_messages", number(app.options().clientEvents()));
    row.put("max_backend_events_per_sec", ceiling(limits.maxHttpEventsPerSecond()));
    row.put("max_client_events_per_sec", ceiling(limits.maxClientEventsPerSecond()));
    row.put("max_read_req_per_sec", ceiling(limits.maxHttpReadsPerSecond()));
    row.put("webhooks", webhooks(app.webhooks()));
    row.put("max_presence_members_per_channel", unless(100, limits.maxPresenceMembers()));
    row.put(
        "max_presence_member_size_in_kb", unless(2, kilobytes(limits.maxPresenceMemberBytes())));
    row.put("max_channel_name_length", unless(200, limits.maxChannelNameChars()));
    row.put("max_event_channels_at_once", unless(100, limits.maxChannelsPerEvent()));
    row.put("max_event_name_length", unless(200, limits.maxEventNameChars()));
    row.put("max_event_payload_in_kb", unless(100, kilobytes(limits.maxEventBytes())));
    row.put("max_event_batch_size", unless(10, limits.maxBatchEvents()));
    row.put("enable_user_authentication", number(app.options().authorizedConnectionsOnly()));
    return row;
  }

  /// Null for soketi's default, which does not fit into some of the columns of MySQL.
  private static @Nullable String unless(int usual, int value) {
    return value == usual ? null : String.valueOf(value);
  }

  private static String number(boolean isOn) {
    return isOn ? "1" : "0";
  }

  private static String ceiling(int limit) {
    return limit == 0 ? "-1" : String.valueOf(limit);
  }

  /// Whole ones: a part of one is lost, which [#lost] finds.
  private static int kilobytes(int bytes) {
    return bytes / KILOBYTE;
  }

  private static @Nullable String webhooks(List<WebhookEndpoint> endpoints) {
    if (endpoints.isEmpty()) {
      return null;
    }
    ArrayNode all = JSON.createArrayNode();
    for (WebhookEndpoint endpoint : endpoints) {
      ObjectNode one = all.addObject();
      one.put("url", endpoint.url());
      ArrayNode types = one.putArray("event_types");
      endpoint.events().stream().map(WebhookEvent.Type::wireName).forEach(types::add);
      ObjectNode filter = one.putObject("filter");
      if (!endpoint.channels().prefix().isEmpty()) {
        filter.put("channel_name_starts_with", endpoint.channels().prefix());
      }
      if (!endpoint.channels().suffix().isEmpty()) {
        filter.put("channel_name_ends_with", endpoint.channels().suffix());
      }
      ObjectNode headers = one.putObject("headers");
      endpoint.headers().forEach((name, value) -> headers.put(name, value.reveal()));
    }
    return all.toString();
  }

  /// What of an app is not in the row that was read back. Options without a column may have another
  /// default there.
  static List<String> lost(App app, App back) {
    List<String> names = new ArrayList<>();
    compare(app.options(), back.options(), AppOptions.DEFAULTS, names);
    compare(app.limits(), back.limits(), Limits.HOSTED, names);
    if (!Objects.equals(app.previousSecret(), back.previousSecret())) {
      names.add("previousSecret");
    }
    if (!app.webhooks().equals(back.webhooks())) {
      names.add("webhooks");
    }
    if (!app.history().equals(back.history())) {
      names.add("history");
    }
    return names;
  }

  private static void compare(Record wanted, Record back, Record defaults, List<String> names) {
    for (RecordComponent component : wanted.getClass().getRecordComponents()) {
      Object value = value(wanted, component);
      boolean isUsual =
          !HAVE_COLUMNS.contains(component.getName()) && value.equals(value(defaults, component));
      if (!value.equals(value(back, component)) && !isUsual) {
        names.add(component.getName());
      }
    }
  }

  private static Object value(Record of, RecordComponent component) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.getName(), e); // they are public
    }
  }
}
