package dev.fanfare.webhook.outbox;

/// What an outbox has lost since the process started.
///
/// @param damages how often its file was found to be damaged, missing or replaced
/// @param records pending webhooks and dead letters that are known to be lost
/// @param latest the newest damage, one sentence; empty if there was none
public record OutboxLosses(long damages, long records, String latest) {

  public static final OutboxLosses NONE = new OutboxLosses(0, 0, "");

  public OutboxLosses plus(Damage damage) {
    return new OutboxLosses(damages + 1, records + damage.lost(), damage.sentence());
  }
}
