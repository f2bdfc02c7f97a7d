package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import java.io.IOException;

/// Pings as clients do on an idle connection.
public final class PingCheck implements Check {

  @Override
  public Step step() {
    return Step.PING;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    visit.socket().ping(deadline);
    return new Outcome.Passed("pong received");
  }
}
