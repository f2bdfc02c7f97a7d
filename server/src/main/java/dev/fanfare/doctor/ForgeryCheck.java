package dev.fanfare.doctor;

import dev.fanfare.protocol.Signature;
import java.io.IOException;

/// Makes sure that a wrong signature opens nothing.
final class ForgeryCheck implements Check {

  @Override
  public Step step() {
    return Step.FORGERY;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    String channel = visit.channel("private-forged-");
    Signature forger = Signature.ofSecret("not the secret " + channel);
    String refusal = visit.socket().subscribe(channel, visit.auth(forger, channel), null, deadline);
    return refusal == null
        ? new Outcome.Failed(
            "a private channel was opened by a wrong signature",
            "Do not use this server for anything private; something answers that checks nothing.")
        : new Outcome.Passed("a wrong signature is refused");
  }
}
