package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.GeneratorLoop;
import dev.fanfare.loadtest.client.HttpListener;
import dev.fanfare.loadtest.client.HttpSocket;
import dev.fanfare.loadtest.client.TurnClock;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.Unit;
import org.jspecify.annotations.Nullable;

/// Counts and times the responses to publishes, reopens connections that the server closes, and
/// lets publishing continue. Confined to the loop's thread.
final class Acknowledgements implements HttpListener {

  private static final long CONNECT_NS = 10_000_000_000L;
  private static final int OK = 200;

  /// Some servers respond with 200 and report the error in the body.
  private static final String ERROR = "{\"error\"";

  /// Consecutive reconnections without a response before the server counts as unavailable.
  private static final int MAX_FUTILE = 50;

  private final TurnClock clock;
  private final LatencyTrack latency = new LatencyTrack("acknowledgement");

  private @Nullable Publishing publishing;
  private int connected;
  private long accepted;
  private long refused;
  private long unanswered;
  private long reconnections;
  private int futile;
  private boolean closing;
  private String firstRefusal = "";
  private @Nullable Refusal fatal;

  Acknowledgements(TurnClock clock) {
    this.clock = clock;
  }

  void feed(Publishing fed) {
    publishing = fed;
  }

  LatencyTrack latency() {
    return latency;
  }

  /// Responses with 200.
  long accepted() {
    return accepted;
  }

  long refused() {
    return refused;
  }

  /// From now on a closed connection stays closed.
  void stopReconnecting() {
    closing = true;
  }

  /// Throws the reason why the run cannot continue, if there is one.
  void requireUsable() {
    if (fatal != null) {
      throw fatal;
    }
  }

  void awaitConnected(GeneratorLoop loop, int count) {
    boolean ready =
        loop.run(() -> connected >= count || fatal != null, System.nanoTime() + CONNECT_NS, _ -> 0);
    requireUsable();
    if (!ready) {
      throw new Refusal("Only %d of %d publishers could connect.".formatted(connected, count));
    }
  }

  @Override
  public void onReady(HttpSocket socket) {
    connected++;
    if (publishing != null && publishing.refill(socket.number(), clock.nowNs()) > 0) {
      socket.flush();
    }
  }

  @Override
  public void onAnswer(HttpSocket socket, int status, long intendedNs, String body) {
    if (status == OK && !body.startsWith(ERROR)) {
      accepted++;
      futile = 0;
      latency.record(clock.nowNs() - intendedNs);
    } else {
      onRefused(status, body);
    }
    if (publishing != null) {
      publishing.refill(socket.number(), clock.nowNs());
    }
  }

  private void onRefused(int status, String body) {
    refused++;
    String text = status == 0 ? body : "HTTP " + status + " " + body.strip();
    if (firstRefusal.isEmpty()) {
      firstRefusal = text;
    }
    if (accepted == 0) {
      fatal = new Refusal("The server refused to publish: " + text);
    }
  }

  @Override
  public void onClosed(HttpSocket socket, int lost, String reason) {
    unanswered += lost;
    if (closing) {
      return;
    }
    reconnections++;
    futile++;
    if (futile > MAX_FUTILE) {
      fatal = new Refusal("The HTTP API cannot be reached: " + reason + ".");
    } else {
      socket.open();
    }
  }

  /// Adds the results to the findings.
  void report(Findings findings) {
    findings.mustBeZero("publishes_refused", "publishes refused", refused);
    if (refused > 0) {
      findings.failure("First refusal: " + firstRefusal);
    }
    findings.mustBeZero("publishes_unanswered", "publishes without a response", unanswered);
    if (reconnections > 0) {
      findings.figure(
          "http_reconnections",
          "HTTP connections closed by the server",
          (double) reconnections,
          Unit.COUNT);
    }
  }
}
