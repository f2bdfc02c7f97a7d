package dev.fanfare.doctor.step;

import dev.fanfare.app.Secret;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.SignedCall;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Publishes as a server SDK does, to a channel without subscribers.
public final class PublishCheck implements Check {

  private final InstantSource clock;

  public PublishCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Step step() {
    return Step.PUBLISH;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    SignedCall.Publishing as = publisher(visit);
    if (as == null) {
      return lacking();
    }
    String channel = visit.channel("unheard-");
    SignedCall call = SignedCall.publish(as, channel, "test", "{}", clock);
    HttpAnswer answer = visit.call(call.call(), deadline);
    return isGood(answer)
        ? new Outcome.Passed("a signed event is accepted")
        : ApiRefusal.explain(visit, call, answer);
  }

  /// True if the event was accepted: SDKs require a JSON object.
  static boolean isGood(HttpAnswer answer) {
    return (answer.status() == 200 || answer.status() == 202) && answer.body().startsWith("{");
  }

  /// Null if the id or the secret is unknown.
  static SignedCall.@Nullable Publishing publisher(Visit visit) {
    String id = visit.credentials().id();
    Secret secret = visit.credentials().secret();
    return id == null || secret == null
        ? null
        : new SignedCall.Publishing(id, visit.credentials().key(), secret);
  }

  static Outcome lacking() {
    return new Outcome.Skipped("needs the app's id and secret");
  }
}
