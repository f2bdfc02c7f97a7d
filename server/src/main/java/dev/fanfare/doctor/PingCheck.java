package dev.fanfare.doctor;

import java.io.IOException;

/// Pings as clients do on an idle connection.
final class PingCheck implements Check {

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
