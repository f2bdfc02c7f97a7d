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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Publishes some events to the public channel and waits for each: the whole round trip.
public final class DeliveryCheck implements Check {

  private static final int EVENTS = 5;

  private final InstantSource clock;

  public DeliveryCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Step step() {
    return Step.DELIVERY;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    SignedCall.Publishing as = PublishCheck.publisher(visit);
    if (as == null) {
      return PublishCheck.lacking();
    }
    String channel = visit.channel("");
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      String event = "event-" + i;
      SignedCall call = SignedCall.publish(as, channel, event, "{}", clock);
      long startNs = NanoClock.SYSTEM.nanoTime();
      HttpAnswer answer = visit.call(call.call(), deadline);
      if (!PublishCheck.isGood(answer)) {
        return ApiRefusal.explain(visit, call, answer);
      }
      try {
        visit.socket().await(event, channel, deadline);
      } catch (SocketTimeoutException e) {
        return lost();
      }
      times.add(NanoClock.SYSTEM.nanoTime() - startNs);
    }
    times.sort(null);
    return new Outcome.Passed(
        EVENTS
            + " events arrived, from publish to receipt median "
            + ms(times.get(EVENTS / 2))
            + ", maximum "
            + ms(times.getLast()));
  }

  private static Outcome lost() {
    return new Outcome.Failed(
        "an event was accepted, but did not reach a subscriber",
        "Publisher and subscriber reach different servers that are not connected, or a proxy"
            + " buffers messages: switch buffering off.",
        true);
  }

  private static String ms(long ns) {
    return String.format(Locale.ROOT, "%.1f ms", ns / (double) TimeUnit.MILLISECONDS.toNanos(1));
  }
}
