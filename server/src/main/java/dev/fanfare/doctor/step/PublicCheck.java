package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Words;
import java.io.IOException;

/// Subscribes to a channel that needs no signature.
public final class PublicCheck implements Check {

  @Override
  public Step step() {
    return Step.PUBLIC;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    String channel = visit.channel("");
    String refusal = visit.socket().subscribe(channel, null, null, deadline);
    return refusal == null
        ? new Outcome.Passed("subscribed to " + channel)
        : new Outcome.Failed(
            "refused: " + Words.brief(refusal),
            "The text names the limit or the rule; see docs/configuration.md.");
  }
}
