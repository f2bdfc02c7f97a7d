package dev.fanfare.config;

import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.WebhooksSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Options that a running server cannot change.
public final class FixedOptions {

  private FixedOptions() {}

  /// The options that take effect only after a restart, as spelled where they are set.
  ///
  /// @param running what the server was started with
  /// @param next what it would be started with now
  public static List<String> needed(Config running, Config next) {
    List<String> names = new ArrayList<>();
    for (Option<?> option : ServerSchema.ALL) {
      if (!option.isReloaded()) {
        compare(running.draft().server(), next.draft().server(), option, names);
      }
    }
    for (Option<?> option : WebhooksSchema.ALL) {
      if (!option.isReloaded() && !option.equals(WebhooksSchema.DATA_DIR)) {
        compare(running.draft().webhooks(), next.draft().webhooks(), option, names);
      }
    }
    for (Option<?> option : ClusterSchema.ALL) {
      compare(running.draft().cluster(), next.draft().cluster(), option, names);
    }
    for (Option<?> option : DatabaseSchema.ALL) {
      compare(running.draft().database(), next.draft().database(), option, names);
    }
    // The default folder is used once there is a webhook, so it depends on the apps, too.
    if (!running.webhooks().dataDir().equals(next.webhooks().dataDir())) {
      names.add(next.draft().webhooks().setting(WebhooksSchema.DATA_DIR).name());
    }
    return names;
  }

  private static void compare(Section running, Section next, Option<?> option, List<String> names) {
    Setting<?> before = running.find(option);
    Setting<?> now = next.find(option);
    boolean isFirstOfItsSlot = option.key().equals(option.slot());
    if (isFirstOfItsSlot && !Objects.equals(value(before), value(now))) {
      names.add(now != null ? now.name() : next.spell(option));
    }
  }

  private static @Nullable Object value(@Nullable Setting<?> setting) {
    return setting == null ? null : setting.value();
  }
}
