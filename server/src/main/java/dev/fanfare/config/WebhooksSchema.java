package dev.fanfare.config;

import dev.fanfare.webhook.WebhookOptions;
import java.util.List;

/// How webhooks are kept and sent, for all apps: keys below `webhooks:`, variables
/// `FANFARE_WEBHOOKS_…`. Where they go is an option of each app, in [EndpointSchema].
final class WebhooksSchema {

  private static final WebhookOptions DEFAULTS = WebhookOptions.DEFAULTS;

  static final int MAX_WINDOW_MS = 10_000;

  static final Option<String> DATA_DIR =
      Option.of(
          "data_dir",
          new PathText("folder"),
          "fanfare-data",
          "Folder that keeps webhooks until they are delivered, so that they survive the process;"
              + " empty keeps them in memory only. A relative path starts where the server was"
              + " started. The default is used once an app has a webhook: without one, nothing is"
              + " written unless a folder is named here.");

  static final Option<Integer> MAX_DEAD_LETTERS =
      Option.of(
          "max_dead_letters",
          new Kind.Whole(0, 1_000_000),
          DEFAULTS.maxDeadLetters(),
          "Webhooks that nobody took and that are kept to be looked at and replayed; beyond, the"
              + " oldest are forgotten.");

  static final Option<Integer> HOLD_BACK_SECONDS =
      Option.of(
          "hold_back_seconds",
          new Kind.Whole(0, 60),
          DEFAULTS.holdBackSeconds(),
          "Seconds that `channel_vacated` and `member_removed` wait; who comes back meanwhile was"
              + " never away. 0 sends them at once.");

  static final Option<Integer> BATCH_WINDOW_MILLISECONDS =
      Option.of(
          "batch_window_milliseconds",
          new Kind.Whole(0, MAX_WINDOW_MS),
          DEFAULTS.batchWindowMilliseconds(),
          "Milliseconds that an event waits for others to share its request; 0 sends each in a"
              + " request of its own.");

  static final Option<Integer> MAX_BATCH_EVENTS =
      Option.of(
          "max_batch_events",
          new Kind.Whole(1, 10_000),
          DEFAULTS.maxBatchEvents(),
          "Events of one request.");

  static final Option<Integer> MAX_PENDING_EVENTS =
      Option.of(
          "max_pending_events",
          new Kind.Whole(1, 100_000_000),
          DEFAULTS.maxPendingEvents(),
          "Events that may wait for one endpoint; beyond, the newest are dropped and counted.");

  static final List<Option<?>> ALL =
      List.of(
          DATA_DIR,
          MAX_DEAD_LETTERS,
          HOLD_BACK_SECONDS,
          BATCH_WINDOW_MILLISECONDS,
          MAX_BATCH_EVENTS,
          MAX_PENDING_EVENTS);

  private WebhooksSchema() {}

  /// @param wanted true if there is a webhook to keep, so that the default folder is worth making
  static WebhookOptions options(Section webhooks, boolean wanted) {
    Setting<String> folder = webhooks.setting(DATA_DIR);
    boolean keeps = wanted || !folder.source().equals(Source.DEFAULT);
    return new WebhookOptions(
        keeps ? folder.value() : "",
        webhooks.get(MAX_DEAD_LETTERS),
        webhooks.get(HOLD_BACK_SECONDS),
        webhooks.get(BATCH_WINDOW_MILLISECONDS),
        webhooks.get(MAX_BATCH_EVENTS),
        webhooks.get(MAX_PENDING_EVENTS));
  }
}
