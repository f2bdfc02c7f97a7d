package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Fleet;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Via;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;

/// Events to many subscribers, spread over channels, from publishers that send as fast as they are
/// acknowledged or at a fixed rate; every single delivery is checked and timed.
public final class FanoutScenario implements Scenario {

  /// Events that may be in flight when a fixed rate exceeds what the server can do.
  private static final int RING = 1 << 17;

  private static final long DRAIN_NS = 60_000_000_000L;

  /// After this time without a delivery, missing messages count as lost.
  private static final long STILL_NS = 2_000_000_000L;

  private static final double HELD = 0.98;

  @Override
  public String name() {
    return "fanout";
  }

  @Override
  public String title(Load load) {
    String pace =
        load.rate() > 0
            ? "%s events/s".formatted(Titles.number(load.rate()))
            : Titles.count(load.publishers(), "publisher") + bound(load);
    return "fan-out to %s over %s, %d B, %s%s%s%s%s"
        .formatted(
            Titles.count(load.connections(), "subscriber"),
            Titles.count(load.channels(), "channel"),
            load.size(),
            pace,
            load.via() == Via.CLIENT_EVENT ? ", client events" : "",
            load.privateChannels() ? ", private" : "",
            load.compressedPercent() > 0
                ? ", %d %% compressed".formatted(load.compressedPercent())
                : "",
            load.stalled() > 0 ? ", %,d more stalled".formatted(load.stalled()) : "");
  }

  private static String bound(Load load) {
    return load.maxUndelivered() == 0
        ? ", any number undelivered"
        : ", at most %,d undelivered".formatted(load.maxUndelivered());
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    SideConnections sideConnections = SideConnections.openAll(rig, load);
    EventRing ring = new EventRing(RING);
    Receivers receivers =
        new Receivers(rig.clock(), ring, load.connections(), load.channels(), load.publishers());
    List<PusherSocket> subscribers = rig.openSubscribers(load, Fleet.GENTLE, receivers);
    Acknowledgements acknowledgements = new Acknowledgements(rig.clock());
    List<? extends Publisher> publishers = publishers(rig, load, acknowledgements, receivers);
    Publishing publishing =
        new Publishing(publishers, ring, load, channel -> subscribersOf(channel, load));
    acknowledgements.feed(publishing);
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "delivery",
                "deliveries",
                receivers::delivered,
                () -> "lost %,d".formatted(receivers.missing())),
            receivers.latency(),
            findings);
    sideConnections.onLoadBegins();
    Pace pace = new Pace(publishing, ring, load, System.nanoTime());
    drive(window, pace, receivers, acknowledgements, sideConnections);
    publishing.stop();
    drain(rig, ring, publishing, receivers);
    acknowledgements.stopReconnecting();
    receivers.leave(true);
    sideConnections.onLoadEnds();
    report(findings, window, receivers, acknowledgements, publishing, load);
    reportCompression(findings, rig, load);
    sideConnections.report(findings);
    publishers.forEach(Publisher::close);
    subscribers.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
  }

  private static List<? extends Publisher> publishers(
      Rig rig, Load load, Acknowledgements acknowledgements, Receivers receivers) {
    return load.via() == Via.HTTP
        ? HttpPublisher.openAll(rig, load, acknowledgements)
        : ClientEventPublisher.openAll(rig, load, receivers);
  }

  private static int subscribersOf(int channel, Load load) {
    int each = load.connections() / load.channels();
    return channel < load.connections() % load.channels() ? each + 1 : each;
  }

  private static void drive(
      Window window,
      Pace pace,
      Receivers receivers,
      Acknowledgements acknowledgements,
      SideConnections sideConnections) {
    boolean[] measured = {false};
    window.run(nowNs -> {
      acknowledgements.requireUsable();
      if (receivers.disconnected() > 0) {
        window.abort(
            "The server closed a subscriber's connection: " + receivers.firstTrouble() + ".");
      }
      if (!measured[0] && window.measuring()) {
        measured[0] = true;
        acknowledgements.latency().restart();
        sideConnections.measure(true);
      }
      return pace.onTurn(nowNs);
    });
    sideConnections.measure(false);
  }

  /// Waits for messages in flight as long as any arrive.
  private static void drain(Rig rig, EventRing ring, Publishing publishing, Receivers receivers) {
    long endNs = System.nanoTime() + DRAIN_NS;
    long before = -1;
    boolean done = false;
    while (!done && receivers.delivered() > before && System.nanoTime() - endNs < 0) {
      before = receivers.delivered();
      done =
          rig.loop()
              .run(
                  () -> ring.undelivered() == 0 && publishing.allAnswered(),
                  System.nanoTime() + STILL_NS,
                  _ -> 0);
    }
  }

  private static void report(
      Findings findings,
      Window window,
      Receivers receivers,
      Acknowledgements acknowledgements,
      Publishing publishing,
      Load load) {
    window.report();
    double perEvent = (double) load.connections() / load.channels();
    double events = window.counted() / perEvent / window.seconds();
    findings.figure("events_per_second", "events per second", events, Unit.PER_SECOND);
    if (load.rate() > 0 && events < load.rate() * HELD) {
      findings.failure(
          "The rate was not held: %s of %s events/s were delivered."
              .formatted(Titles.number(events), Titles.number(load.rate())));
    }
    findings.latency(receivers.latency().total());
    if (load.via() == Via.HTTP) {
      findings.latency(acknowledgements.latency().total());
      acknowledgements.report(findings);
    }
    receivers.report(findings, publishing::sent);
  }

  private static void reportCompression(Findings findings, Rig rig, Load load) {
    if (load.compressedPercent() > 0) {
      double share = 100.0 * load.compressedConnections() / load.connections();
      findings.figure("compressed_percent", "compressed subscribers", share, Unit.PERCENT);
      findings.figure(
          "inflated", "compressed messages received", (double) rig.inflated(), Unit.COUNT);
    }
  }
}
