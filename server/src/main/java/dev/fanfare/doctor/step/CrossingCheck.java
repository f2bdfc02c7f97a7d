package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.SignedCall;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Publishes on one node to a channel to which a client of another node is subscribed.
public final class CrossingCheck implements Check {

  private final InstantSource clock;
  private final Visit subscriber;

  /// @param subscriber is subscribed to its public channel
  public CrossingCheck(InstantSource clock, Visit subscriber) {
    this.clock = clock;
    this.subscriber = subscriber;
  }

  @Override
  public Step step() {
    return Step.DELIVERY;
  }

  @Override
  public Outcome run(Visit publisher, Deadline deadline) throws IOException {
    SignedCall.Publishing as = PublishCheck.publisher(publisher);
    if (as == null) {
      return PublishCheck.lacking();
    }
    String channel = subscriber.channel("");
    SignedCall call = SignedCall.publish(as, channel, "crossing", "{}", clock);
    long startNs = NanoClock.SYSTEM.nanoTime();
    HttpAnswer answer = publisher.call(call.call(), deadline);
    if (!PublishCheck.isGood(answer)) {
      return ApiRefusal.explain(publisher, call, answer);
    }
    String way = "from " + publisher.site().url() + " to " + subscriber.site().url();
    try {
      var _ = subscriber.socket().await("crossing", channel, deadline);
    } catch (SocketTimeoutException e) {
      return new Outcome.Failed(
          "an event was accepted and did not get " + way,
          "The two are not nodes of one cluster: compare cluster.bus, the engine's URL and"
              + " cluster.name, and look at /ready of both.");
    }
    double ms = (NanoClock.SYSTEM.nanoTime() - startNs) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    return new Outcome.Passed(String.format(Locale.ROOT, "an event got %s in %.1f ms", way, ms));
  }
}
