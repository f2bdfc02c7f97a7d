package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.protocol.Parsed;
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
    return switch (visit.socket().subscribe(channel, null, null, deadline)) {
      case Parsed.Ok<Parsed.Passed> _ -> new Outcome.Passed("subscribed to " + channel);
      case Parsed.Bad<Parsed.Passed> bad ->
          new Outcome.Failed(
              "refused: " + Words.brief(bad.reason()),
              "The text names the limit or the rule; see docs/configuration.md.");
    };
  }
}
