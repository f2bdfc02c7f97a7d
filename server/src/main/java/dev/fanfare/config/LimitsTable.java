package dev.fanfare.config;

import dev.fanfare.config.layer.Environment;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.ResumeSchema;
import dev.fanfare.config.schema.ServerSchema;
import java.util.List;

/// The table of limits in `docs/configuration.md`: the name of each, and what happens above it.
public final class LimitsTable {

  /// One limit.
  ///
  /// @param section of its key in a file
  /// @param prefix of its variable
  /// @param above what happens, with code and text; `N` is a number, `NAME` a channel or an address
  private record Row(String section, String prefix, Option<Integer> option, String above) {

    static Row ofApp(Option<Integer> option, String above) {
      return new Row("", Environment.APP, option, above);
    }

    static Row ofServer(Option<Integer> option, String above) {
      return new Row("server.", Environment.PREFIX, option, above);
    }

    String markdown() {
      String fallback = String.valueOf(option.fallback());
      String settings = section + option.key() + "`<br>`" + prefix + option.variable();
      String shown = fallback.equals("0") ? "none" : fallback;
      return "| `" + settings + "` | " + shown + " | " + above + " |\n";
    }
  }

  private static final List<Row> ROWS =
      List.of(
          Row.ofApp(
              LimitsSchema.MAX_CONNECTIONS,
              "connection closed, 4004 `Account over quota: the app has N connections, the limit is"
                  + " N (max_connections)`"),
          Row.ofApp(
              LimitsSchema.MAX_SUBSCRIPTIONS,
              "subscription refused, 403 `This connection has N subscriptions, the limit is N"
                  + " (max_subscriptions)`"),
          Row.ofApp(
              LimitsSchema.MAX_SUBSCRIPTION_CHANGES_PER_SECOND,
              "the server reads from the connection only as fast as the limit allows, and refuses"
                  + " nothing; after 60 s connection closed, 4100 `More than N subscription changes"
                  + " per second for N seconds (max_subscription_changes_per_second)`"),
          Row.ofApp(
              LimitsSchema.MAX_PRESENCE_MEMBERS,
              "subscription refused, 403 `Presence channel NAME is full: it has N members, the"
                  + " limit is N (max_presence_members)`"),
          Row.ofApp(
              LimitsSchema.MAX_PRESENCE_MEMBER_BYTES,
              "subscription refused, 400 `user_info has N bytes, the limit is N"
                  + " (max_presence_member_bytes)`"),
          Row.ofApp(
              LimitsSchema.MAX_USER_ID_CHARS,
              "subscription refused, 400 `user_id has N characters, the limit is N"
                  + " (max_user_id_chars)`"),
          Row.ofApp(
              LimitsSchema.MAX_CHANNEL_NAME_CHARS,
              "subscription or request refused, 400 `Invalid channel name: it has N characters, the"
                  + " limit is N (max_channel_name_chars)`"),
          Row.ofApp(
              LimitsSchema.MAX_EVENT_NAME_CHARS,
              "request refused, 400 `The event name has N characters, the limit is N"
                  + " (max_event_name_chars)`; client event refused `Client event rejected: its"
                  + " name has N characters, the limit is N (max_event_name_chars)`"),
          Row.ofApp(
              LimitsSchema.MAX_EVENT_BYTES,
              "request refused, 413 `The data content of this event exceeds the allowed maximum (N"
                  + " bytes). It has N bytes; the setting is max_event_bytes`; client event refused"
                  + " `Client event rejected: its data has N bytes, the limit is N"
                  + " (max_event_bytes)`"),
          Row.ofApp(
              LimitsSchema.MAX_CHANNELS_PER_EVENT,
              "request refused, 400 `The event has N channels, the limit is N"
                  + " (max_channels_per_event)`"),
          Row.ofApp(
              LimitsSchema.MAX_BATCH_EVENTS,
              "request refused, 400 `Batch too large (N > N), the setting is max_batch_events`"),
          Row.ofApp(
              LimitsSchema.MAX_HTTP_EVENTS_PER_SECOND,
              "request refused, 429 `Over quota: this request counts as N events, one for each"
                  + " channel of each event; N of N per second are left"
                  + " (max_http_events_per_second)`"),
          Row.ofApp(
              LimitsSchema.MAX_HTTP_READS_PER_SECOND,
              "request refused, 429 `Over quota: N of N reads per second are left"
                  + " (max_http_reads_per_second)`"),
          Row.ofApp(
              LimitsSchema.MAX_CLIENT_EVENTS_PER_SECOND,
              "client event refused, 4301 `Client event rejected due to rate limit: N of N per"
                  + " second are left (max_client_events_per_second)`"),
          Row.ofApp(
              LimitsSchema.MAX_WATCHLIST,
              "the rest is left out, 4302 `Watchlist limit exceeded. Only the first N user IDs are"
                  + " accepted. It has N (max_watchlist)`"),
          Row.ofServer(
              ServerSchema.MAX_SOCKETS,
              "connection closed, 4100 `The server has N connections, the limit is N sockets, N of"
                  + " them for HTTP (max_sockets)`"),
          Row.ofServer(
              ResumeSchema.MAX_RESUMABLE_CONNECTIONS,
              "the connections that ended first cannot be resumed any more: their clients are new"
                  + " when they come back"),
          Row.ofApp(
              LimitsSchema.MAX_CACHE_BYTES,
              "the app's least recently published events are forgotten; new subscribers of their"
                  + " channels get `pusher:cache_miss`"),
          Row.ofServer(
              ServerSchema.MAX_CONNECTIONS_PER_ADDRESS,
              "connection closed, 4100 `NAME has N connections, the limit"
                  + " (max_connections_per_address)`"),
          Row.ofServer(
              ServerSchema.MAX_HANDSHAKES_PER_SECOND_PER_ADDRESS,
              "handshake refused, 429 `NAME made more than N handshakes in a second"
                  + " (max_handshakes_per_second_per_address)`"),
          Row.ofServer(
              ServerSchema.MAX_MESSAGE_BYTES,
              "connection closed, 1009 `The message has at least N bytes, the limit is N"
                  + " (max_message_bytes)`"),
          Row.ofServer(
              ServerSchema.MAX_REQUEST_BYTES,
              "request refused, 413 `The request body of N bytes exceeds the allowed maximum (N"
                  + " bytes, max_request_bytes)`"),
          Row.ofServer(
              ServerSchema.MAX_PENDING_BYTES,
              "connection closed, 4100 `Reading too slowly: N bytes are waiting, the limit is N"
                  + " (max_pending_bytes)`, or events left out, as the app has it"));

  private LimitsTable() {}

  /// The options that have a row.
  static List<Option<?>> options() {
    return ROWS.stream().<Option<?>>map(Row::option).toList();
  }

  /// The table.
  public static String markdown() {
    StringBuilder out = new StringBuilder("| Setting | Default | Above it |\n|---|---|---|\n");
    ROWS.forEach(row -> out.append(row.markdown()));
    return out.toString();
  }
}
