package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.measure.SequenceLedger;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.EventTemplate;
import java.util.List;

/// All pairs: socket 2n sends, socket 2n+1 returns. Confined to the loop's thread.
final class Pairs implements PusherListener {
  private static final double NS_PER_SECOND = 1e9;

  private final Rig rig;
  private final Load load;
  private final EventTemplate[] templates;
  private final Ledgers ledgers;
  private final int[] sequence;
  private final boolean[] underWay;
  private final long[] intendedNs;
  private final LatencyTrack roundTrip = new LatencyTrack("round trip");

  private PusherSocket[] sockets = {};
  private double dueNs;
  private int next;
  private long relayed;
  private long errors;
  private String firstError = "";
  private boolean stopped;

  Pairs(Rig rig, Load load) {
    this.rig = rig;
    this.load = load;
    int pairs = load.connections() / 2;
    templates = new EventTemplate[pairs];
    ledgers = new Ledgers(pairs * 2, 2);
    sequence = new int[pairs];
    underWay = new boolean[pairs];
    intendedNs = new long[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      String channel = "private-pair-%05d".formatted(pair);
      templates[pair] = EventTemplate.clientEvent(pair, channel, load.size());
    }
  }

  /// Sockets become ready in any order; sorts them by number.
  void start(List<PusherSocket> ready) {
    sockets = new PusherSocket[ready.size()];
    ready.forEach(socket -> sockets[socket.number()] = socket);
    dueNs = System.nanoTime();
  }

  int onTurn(long nowNs) {
    if (load.rate() == 0) {
      return nowNs - (long) dueNs < 0 ? 0 : serveAll(nowNs);
    }
    int work = 0;
    while (dueNs <= nowNs && work < underWay.length) {
      next = (next + 1) % underWay.length;
      if (!underWay[next]) {
        serve(next, (long) dueNs);
        dueNs += NS_PER_SECOND / load.rate();
      }
      work++;
    }
    return work;
  }

  /// Without a rate each pair starts once; after that every return triggers the next event.
  private int serveAll(long nowNs) {
    dueNs = Double.MAX_VALUE;
    for (int pair = 0; pair < underWay.length; pair++) {
      serve(pair, nowNs);
    }
    return underWay.length;
  }

  private void serve(int pair, long intended) {
    underWay[pair] = true;
    intendedNs[pair] = intended;
    send(2 * pair, 0, sequence[pair]++);
  }

  private void send(int socket, int publisher, int number) {
    byte[] event = templates[socket / 2].stamped(publisher, number, 0);
    sockets[socket].send(ClientFrames.text(event));
  }

  @Override
  public void onDelivery(PusherSocket socket, int publisher, int channel, int number, int event) {
    int me = socket.number();
    int sender = 1 - (me & 1);
    if (publisher != sender || channel != me / 2) {
      ledgers.of(me).acceptForeign();
    } else if (ledgers.of(me).accept(publisher, number)) {
      relayed++;
      if (sender == 0) {
        send(me, 1, number);
      } else {
        onReturned(me / 2);
      }
    }
  }

  private void onReturned(int pair) {
    long nowNs = rig.clock().nowNs();
    roundTrip.record(nowNs - intendedNs[pair]);
    underWay[pair] = false;
    if (!stopped && load.rate() == 0) {
      serve(pair, nowNs);
    }
  }

  @Override
  public void onError(PusherSocket socket, String reason) {
    errors++;
    firstError = firstError.isEmpty() ? reason : firstError;
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    if (!stopped) {
      onError(socket, reason);
    }
  }

  /// Events that arrived, in both directions.
  long relayed() {
    return relayed;
  }

  /// The first error from the server, empty if there was none.
  String firstError() {
    return firstError;
  }

  long errors() {
    return errors;
  }

  LatencyTrack roundTrip() {
    return roundTrip;
  }

  /// Starts no additional events.
  void stop() {
    stopped = true;
  }

  boolean idle() {
    for (boolean busy : underWay) {
      if (busy) {
        return false;
      }
    }
    return true;
  }

  void report(Findings findings) {
    // A return can be missing only if its event arrived, so the events count for both directions.
    ledgers.report(
        findings, "messages", (sender, me) -> sender == 1 - (me & 1) ? sequence[me / 2] : 0);
    long foreign = ledgers.sum(SequenceLedger::foreign);
    findings.mustBeZero("misdirected", "messages to the wrong client", foreign);
    findings.mustBeZero("errors", "errors from the server", errors);
  }
}
