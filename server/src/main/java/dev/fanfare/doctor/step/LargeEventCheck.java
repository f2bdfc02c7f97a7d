package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.SignedCall;
import java.io.IOException;
import java.time.InstantSource;

/// Publishes an event of the largest size that the hosted service allows; proxies may allow less.
public final class LargeEventCheck implements Check {

  private static final int BYTES = 10_000;

  private final InstantSource clock;

  public LargeEventCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Step step() {
    return Step.LARGE;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    SignedCall.Publishing as = PublishCheck.publisher(visit);
    if (as == null) {
      return PublishCheck.lacking();
    }
    String channel = visit.channel("");
    SignedCall call = SignedCall.publish(as, channel, "large", "x".repeat(BYTES), clock);
    HttpAnswer answer = visit.call(call.call(), deadline);
    if (!PublishCheck.isGood(answer)) {
      Outcome.Failed refusal = ApiRefusal.explain(visit, call, answer);
      boolean isOwnLimit = answer.status() == 413 && !refusal.byProxy();
      return isOwnLimit ? new Outcome.Warned(refusal.finding(), refusal.remedy()) : refusal;
    }
    PusherSocket.Event event = visit.socket().await("large", channel, deadline);
    return event.data().length() == BYTES
        ? new Outcome.Passed("an event of " + BYTES + " bytes arrives in one piece")
        : new Outcome.Failed(
            "an event of " + BYTES + " bytes arrives with " + event.data().length() + " bytes",
            "A proxy truncates messages.",
            true);
  }
}
