package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.HttpListener;
import dev.fanfare.loadtest.client.HttpSocket;
import dev.fanfare.loadtest.measure.LossLedger;
import dev.fanfare.loadtest.wire.EventTemplate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Publishes over one connection to a node of a cluster, and over one to the next node when it is
/// closed. What was unanswered is not sent again. Confined to the loop's thread.
final class RovingPublisher implements HttpListener {

  private static final int OK = 200;
  private static final long PAUSE_NS = 100_000_000L;

  private final int number;
  private final Rig rig;
  private final int window;
  private final List<EventTemplate> templates;
  private final LossLedger ledger;
  private final Deque<LossLedger.Event> unanswered = new ArrayDeque<>();
  private HttpSocket socket;
  private LossLedger.Source source;
  private int node;
  private int sequence;
  private boolean ready;
  private boolean leaving;
  private long reopenNs;
  private String firstRefusal = "";

  RovingPublisher(
      int number, Rig rig, int window, List<EventTemplate> templates, LossLedger ledger) {
    this.number = number;
    this.rig = rig;
    this.window = window;
    this.templates = templates;
    this.ledger = ledger;
    node = number % rig.nodes();
    source = new LossLedger.Source(number);
    socket = new HttpSocket(number, rig.connector(node), window, this);
  }

  void open() {
    socket.open();
  }

  boolean isReady() {
    return ready;
  }

  boolean canSend() {
    return ready && socket.canSend();
  }

  /// Events without an answer so far, on the current connection.
  int unanswered() {
    return unanswered.size();
  }

  /// The first refusal, empty if there was none.
  String firstRefusal() {
    return firstRefusal;
  }

  /// Sends an event to a channel.
  void send(int channel, long intendedNs, long nowNs) {
    LossLedger.Event event = ledger.sent(channel, source, intendedNs, nowNs);
    unanswered.add(event);
    byte[] body = templates.get(channel).stamped(number, sequence++, event.number());
    socket.send(rig.signer(node).publish(body, System.currentTimeMillis()), intendedNs);
    socket.flush();
  }

  /// Connects to the next node if the connection was closed and its time has come.
  void onTurn(long nowNs) {
    if (reopenNs != 0 && nowNs - reopenNs >= 0) {
      reopenNs = 0;
      node = (node + 1) % rig.nodes();
      source = new LossLedger.Source(number);
      socket = new HttpSocket(number, rig.connector(node), window, this);
      socket.open();
    }
  }

  void close() {
    leaving = true;
    socket.close();
  }

  @Override
  public void onReady(HttpSocket opened) {
    ready = true;
  }

  @Override
  public void onAnswer(HttpSocket from, int status, long intendedNs, String body) {
    unanswered.remove().answered(status == OK);
    if (status != OK && firstRefusal.isEmpty()) {
      firstRefusal = "HTTP " + status + " " + body.strip();
    }
  }

  @Override
  public void onClosed(HttpSocket from, int lost, String reason) {
    ready = false;
    unanswered.clear();
    source.broken(rig.clock().nowNs());
    if (!leaving) {
      reopenNs = rig.clock().nowNs() + PAUSE_NS;
    }
  }
}
