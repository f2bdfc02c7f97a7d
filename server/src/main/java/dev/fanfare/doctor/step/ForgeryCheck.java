package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Signature;
import java.io.IOException;

/// Checks that a wrong signature is rejected.
public final class ForgeryCheck implements Check {

  @Override
  public Step step() {
    return Step.FORGERY;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    String channel = visit.channel("private-forged-");
    Signature forger = Signature.ofSecret("not the secret " + channel);
    return visit.socket().subscribe(channel, visit.auth(forger, channel), null, deadline)
            instanceof Parsed.Ok
        ? new Outcome.Failed(
            "a wrong signature was accepted for a private channel",
            "Do not use this server for anything private: it does not check signatures.")
        : new Outcome.Passed("a wrong signature is rejected");
  }
}
