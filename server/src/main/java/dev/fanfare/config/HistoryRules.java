package dev.fanfare.config;

import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import dev.fanfare.protocol.ChannelName;

/// Checks the rules for history of an app: what they replay must be kept, and what they need must
/// be there.
final class HistoryRules {

  private final Section rule;
  private final Problems problems;

  private HistoryRules(Section rule, Problems problems) {
    this.rule = rule;
    this.problems = problems;
  }

  static void run(Section app, Section webhooks, Section cluster, Problems problems) {
    for (Section rule : app.history()) {
      HistoryRules rules = new HistoryRules(rule, problems);
      rules.fits(HistorySchema.REWIND_EVENTS, HistorySchema.KEEP_EVENTS);
      rules.fits(HistorySchema.REWIND_SECONDS, HistorySchema.KEEP_SECONDS);
      rules.fits(HistorySchema.RESUME_SECONDS, HistorySchema.KEEP_SECONDS);
      rules.needs(Replay.REWIND, HistorySchema.REWIND_EVENTS);
      rules.needs(Replay.REWIND, HistorySchema.REWIND_SECONDS);
      rules.needs(Replay.MAILBOX, HistorySchema.NEW_READER);
      rules.mailbox();
      rules.presence();
      rules.disk(webhooks.setting(WebhooksSchema.DATA_DIR));
      rules.store(cluster.setting(ClusterSchema.BUS));
    }
  }

  /// A default that does not fit is no contradiction, written or not: the smaller limit holds.
  private void fits(Option<Integer> replayed, Option<Integer> kept) {
    Setting<Integer> wanted = rule.setting(replayed);
    Setting<Integer> limit = rule.setting(kept);
    if (rule.changed(replayed) != null && wanted.value() > limit.value()) {
      problems.error(
          wanted.source(),
          wanted.name()
              + " is "
              + wanted.value()
              + ", but "
              + limit.name()
              + " is "
              + limit.value()
              + (isSet(limit) ? "" : " (the default)"));
    }
  }

  private void needs(Replay needed, Option<?> option) {
    Setting<?> setting = rule.changed(option);
    Setting<Replay> replay = rule.setting(HistorySchema.REPLAY);
    if (setting != null && replay.value() != needed) {
      problems.error(
          setting.source(),
          setting.name()
              + " is set, but "
              + replay.name()
              + " is "
              + HistorySchema.REPLAY.kind().show(replay.value())
              + (isSet(replay) ? "" : " (the default)"));
    }
  }

  /// A mailbox is for clients that are away for days.
  private void mailbox() {
    Setting<Replay> replay = rule.setting(HistorySchema.REPLAY);
    Setting<Store> store = rule.setting(HistorySchema.STORE);
    if (replay.value() == Replay.MAILBOX && store.value() == Store.MEMORY) {
      problems.error(
          replay.source(),
          replay.name()
              + " is mailbox, but "
              + store.name()
              + " is memory"
              + (isSet(store) ? "" : " (the default)"));
    }
  }

  /// Only presence channels have users that join and leave.
  private void presence() {
    Setting<Boolean> events = rule.setting(HistorySchema.PRESENCE_EVENTS);
    if (events.value() && !HistorySchema.rule(rule).mayCoverPresence()) {
      problems.error(
          events.source(),
          events.name()
              + " is true, but the rule covers no presence channels: their names begin with "
              + ChannelName.PRESENCE_PREFIX);
    }
  }

  private void disk(Setting<String> folder) {
    Setting<Store> store = rule.setting(HistorySchema.STORE);
    if (store.value() == Store.DISK && folder.value().isEmpty()) {
      problems.error(store.source(), store.name() + " is disk, but " + folder.name() + " is empty");
    }
  }

  /// Nodes share only what the engine keeps, and a single node has no engine.
  private void store(Setting<EngineOptions.Kind> bus) {
    Setting<Store> store = rule.setting(HistorySchema.STORE);
    String is = store.name() + " is " + HistorySchema.STORE.kind().show(store.value());
    String but = ", but " + bus.name() + " is " + ClusterSchema.BUS.kind().show(bus.value());
    boolean isShared = store.value() == Store.SHARED;
    if (bus.value() == EngineOptions.Kind.NONE) {
      if (isShared) {
        problems.error(store.source(), is + but);
      }
    } else if (!isShared) {
      problems.error(store.source(), is + ", which nodes do not share" + but);
    }
  }

  /// With a bus, rules that do not say where events are kept share them.
  static void share(Section app, Section cluster, Problems problems) {
    Setting<EngineOptions.Kind> bus = cluster.setting(ClusterSchema.BUS);
    if (bus.value() == EngineOptions.Kind.NONE) {
      return;
    }
    for (Section rule : app.history()) {
      if (!rule.has(HistorySchema.STORE)) {
        rule.put(HistorySchema.STORE, new Written.Scalar("shared", bus.source()), problems);
      }
    }
  }

  private static boolean isSet(Setting<?> setting) {
    return !setting.source().equals(Source.DEFAULT);
  }
}
