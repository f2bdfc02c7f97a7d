package dev.fanfare.config;

import java.util.Locale;

/// Makes room for the events that another server's configuration allows: there, an event has one
/// limit; here it must also fit into messages, requests and buffers, whose limits nobody who comes
/// from there has heard of.
final class LimitWidening {

  private static final String ROOM = "room for ";

  private LimitWidening() {}

  /// Raises defaults that an app's events would not fit into, if its limit was written for another
  /// server. What somebody wrote for this one stays as it is, and so does a limit of ours.
  static void widen(Draft draft, Problems problems) {
    for (Section app : draft.apps()) {
      Setting<Integer> event = app.setting(LimitsSchema.MAX_EVENT_BYTES);
      if (!isOurs(event)) {
        long batch = (long) event.value() * app.get(LimitsSchema.MAX_BATCH_EVENTS);
        widen(draft.server(), ServerSchema.MAX_REQUEST_BYTES, batch, event, problems);
        widen(draft.server(), ServerSchema.MAX_PENDING_BYTES, event.value(), event, problems);
        if (app.get(AppSchema.CLIENT_EVENTS)) {
          widen(draft.server(), ServerSchema.MAX_MESSAGE_BYTES, event.value(), event, problems);
        }
      }
    }
  }

  private static void widen(
      Section server, Option<Integer> room, long bytes, Setting<Integer> event, Problems problems) {
    Setting<Integer> setting = server.setting(room);
    long need = Math.min(ServerSchema.MAX_BYTES, Checks.jsonBytes(bytes));
    boolean isFree =
        setting.source().equals(Source.DEFAULT) || setting.source().label().startsWith(ROOM);
    if (isFree && setting.value() < need) {
      Source source = new Source(event.source().place(), ROOM + event.name());
      server.replace(room, new Written.Scalar(Long.toString(need), source), problems);
    }
  }

  /// True if the limit has the name that we give it.
  private static boolean isOurs(Setting<Integer> event) {
    return event.name().toLowerCase(Locale.ROOT).endsWith("limits.max_event_bytes")
        || event.name().endsWith("_LIMITS_MAX_EVENT_BYTES");
  }
}
