package dev.fanfare.webhook.outbox;

/// What was found when the file of an outbox was not as it had been left.
///
/// @param problem what is wrong with the file, and what became of it
/// @param expected pending webhooks and dead letters that the file had; -1 if that is unknown
/// @param kept those that were read
public record Damage(String problem, long expected, long kept) {

  public static final long UNKNOWN = -1;

  /// Webhooks and dead letters that were lost; 0 if that is unknown.
  long lost() {
    return expected == UNKNOWN ? 0 : Math.max(0, expected - kept);
  }

  /// One sentence for the log.
  public String sentence() {
    String fate =
        expected == UNKNOWN
            ? "an unknown number was lost"
            : lost() == 0 ? "none is known to be lost" : lost() + " were lost";
    return problem + "; " + kept + " pending webhooks and dead letters were kept, " + fate;
  }
}
