package dev.fanfare.config;

import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.Locale;

/// Raises limits for the events that another server's configuration allows. There, an event has one
/// limit; here it must also fit into messages, requests and buffers, which have separate limits.
final class LimitWidening {

  private static final String ROOM = "room for ";

  private LimitWidening() {}

  /// Raises defaults that are too small for an app's events, if the event limit comes from another
  /// server's configuration. Explicit settings of ours are never changed.
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

  /// True if the limit was set under our name for it.
  private static boolean isOurs(Setting<Integer> event) {
    return event.name().toLowerCase(Locale.ROOT).endsWith("limits.max_event_bytes")
        || event.name().endsWith("_LIMITS_MAX_EVENT_BYTES");
  }
}
