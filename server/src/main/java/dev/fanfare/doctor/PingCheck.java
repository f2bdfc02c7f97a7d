package dev.fanfare.doctor;

import java.io.IOException;

/// Pings as clients do when they have heard nothing for a while.
final class PingCheck implements Check {

  @Override
  public Step step() {
    return Step.PING;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    visit.socket().ping(deadline);
    return new Outcome.Passed("the ping is answered");
  }
}
