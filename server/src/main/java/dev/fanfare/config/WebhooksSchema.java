package dev.fanfare.config;

import dev.fanfare.webhook.WebhookOptions;
import java.util.List;

/// How webhooks are kept: keys below `webhooks:`, variables `FANFARE_WEBHOOKS_…`.
final class WebhooksSchema {

  private static final WebhookOptions DEFAULTS = WebhookOptions.DEFAULTS;

  static final Option<String> DATA_DIR =
      Option.of(
          "data_dir",
          new FolderPath(),
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

  static final List<Option<?>> ALL = List.of(DATA_DIR, MAX_DEAD_LETTERS);

  private WebhooksSchema() {}

  /// @param wanted true if there is a webhook to keep, so that the default folder is worth making
  static WebhookOptions options(Section webhooks, boolean wanted) {
    Setting<String> folder = webhooks.setting(DATA_DIR);
    boolean keeps = wanted || !folder.source().equals(Source.DEFAULT);
    return new WebhookOptions(keeps ? folder.value() : "", webhooks.get(MAX_DEAD_LETTERS));
  }
}
