package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.PathText;
import dev.fanfare.config.value.Source;
import dev.fanfare.webhook.outbox.WebhookOptions;
import dev.fanfare.webhook.outbox.WebhookOptionsBuilder;
import java.util.List;

/// How webhooks are stored and sent, for all apps: keys below `webhooks:`, variables
/// `FANFARE_WEBHOOKS_…`. Endpoints are options of each app, in [EndpointSchema].
public final class WebhooksSchema {

  private static final WebhookOptions DEFAULTS = WebhookOptions.DEFAULTS;

  public static final int MAX_WINDOW_MS = 10_000;

  public static final Option<String> DATA_DIR =
      Option.atStart(
          "data_dir",
          new PathText("folder"),
          "fanfare-data",
          "Folder that stores webhooks until they are delivered, and history, so that they survive"
              + " a restart; empty keeps them in memory only. A relative path starts at the working"
              + " directory. The default is used once an app has a webhook or a rule for history,"
              + " and with `apps_from`; otherwise nothing is written unless a folder is named"
              + " here.");

  static final Option<Integer> MAX_DEAD_LETTERS =
      Option.atStart(
          "max_dead_letters",
          new Kind.Whole(0, 1_000_000),
          DEFAULTS.maxDeadLetters(),
          "Undelivered webhooks (dead letters) that are kept for inspection and replay; above this"
              + " limit, the oldest are deleted.");

  static final Option<Integer> HOLD_BACK_SECONDS =
      Option.atStart(
          "hold_back_seconds",
          new Kind.Whole(0, 60),
          DEFAULTS.holdBackSeconds(),
          "Seconds to hold back `channel_vacated` and `member_removed`; if the channel or user"
              + " returns in this time, neither the removal nor the return is sent. 0 sends them at"
              + " once.");

  public static final Option<Integer> BATCH_WINDOW_MILLISECONDS =
      Option.atStart(
          "batch_window_milliseconds",
          new Kind.Whole(0, MAX_WINDOW_MS),
          DEFAULTS.batchWindowMilliseconds(),
          "Milliseconds that an event waits for others to share a request; 0 sends each event in a"
              + " separate request.");

  static final Option<Integer> MAX_BATCH_EVENTS =
      Option.atStart(
          "max_batch_events",
          new Kind.Whole(1, 10_000),
          DEFAULTS.maxBatchEvents(),
          "Maximum number of events in one request.");

  static final Option<Integer> MAX_PENDING_EVENTS =
      Option.atStart(
          "max_pending_events",
          new Kind.Whole(1, 100_000_000),
          DEFAULTS.maxPendingEvents(),
          "Events that may be queued for one endpoint; above this limit, new ones are dropped and"
              + " counted.");

  static final Option<Integer> RESTART_HOLD_BACK_SECONDS =
      Option.atStart(
          "restart_hold_back_seconds",
          new Kind.Whole(0, 3_600),
          DEFAULTS.restartHoldBackSeconds(),
          "Seconds after the start in which clients can come back to the channels that webhooks"
              + " reported before a crash. `channel_vacated` and `member_removed` are sent for"
              + " those that do not; for the others nothing is sent.");

  static final Option<Long> MAX_DISK_BYTES =
      Option.atStart(
          "max_disk_bytes",
          new Kind.Bytes(1L << 20, 1L << 50),
          DEFAULTS.maxDiskBytes(),
          "Bytes of webhooks in `data_dir`: three quarters for pending ones, an eighth for dead"
              + " letters. Above this limit, new ones are dropped and counted, and the oldest dead"
              + " letters are deleted. One endpoint may use at most four times what it leaves free"
              + " for the others. The file can be half as large again for a while. There is no"
              + " value for none or for no limit; to keep webhooks in memory, set an empty"
              + " `data_dir`.");

  public static final List<Option<?>> ALL =
      List.of(
          DATA_DIR,
          MAX_DEAD_LETTERS,
          HOLD_BACK_SECONDS,
          BATCH_WINDOW_MILLISECONDS,
          MAX_BATCH_EVENTS,
          MAX_PENDING_EVENTS,
          RESTART_HOLD_BACK_SECONDS,
          MAX_DISK_BYTES);

  private WebhooksSchema() {}

  /// What the section says, with the defaults of what it does not.
  ///
  /// @param wanted true if there is or may be a webhook to store, so that the default folder is
  ///   needed
  public static WebhookOptions options(Section webhooks, boolean wanted) {
    Setting<String> folder = webhooks.setting(DATA_DIR);
    boolean keeps = wanted || !folder.source().equals(Source.DEFAULT);
    return WebhookOptionsBuilder.builder()
        .dataDir(keeps ? folder.value() : "")
        .maxDeadLetters(webhooks.get(MAX_DEAD_LETTERS))
        .holdBackSeconds(webhooks.get(HOLD_BACK_SECONDS))
        .batchWindowMilliseconds(webhooks.get(BATCH_WINDOW_MILLISECONDS))
        .maxBatchEvents(webhooks.get(MAX_BATCH_EVENTS))
        .maxPendingEvents(webhooks.get(MAX_PENDING_EVENTS))
        .restartHoldBackSeconds(webhooks.get(RESTART_HOLD_BACK_SECONDS))
        .maxDiskBytes(webhooks.get(MAX_DISK_BYTES))
        .build();
  }
}
