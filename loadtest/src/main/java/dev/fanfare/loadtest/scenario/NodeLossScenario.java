package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.LossLedger;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Signal;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import dev.fanfare.loadtest.wire.EventTemplate;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One node of a cluster is killed or stopped while events are published on all of them at a fixed
/// rate. Its clients and publishers move to the next node. What was accepted must arrive at every
/// client that was subscribed, once and in order; what cannot be owed is counted.
public final class NodeLossScenario implements Scenario {

  private static final int WINDOW = 4;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final double NS_PER_SECOND = 1e9;

  /// Longer than a lease.
  private static final long STILL_NS = 10 * SECOND_NS;

  private static final long DRAIN_NS = 120 * SECOND_NS;
  private static final long CHECK_NS = SECOND_NS / 5;
  private static final long CONNECT_NS = 10 * SECOND_NS;

  /// Bits that the ledger may need, 256 MiB.
  private static final double MOST_BITS = 8.0 * (1 << 28);

  private final long stillNs;

  public NodeLossScenario() {
    this(STILL_NS);
  }

  /// @param stillNs what is missing when nothing has arrived for so long is lost
  NodeLossScenario(long stillNs) {
    this.stillNs = stillNs;
  }

  @Override
  public String name() {
    return "node-loss";
  }

  @Override
  public String title(Load load) {
    return "loss of a node (%s), %s over %s, %d B, %s events/s"
        .formatted(
            load.signal(),
            Titles.count(load.connections(), "subscriber"),
            Titles.count(load.channels(), "channel"),
            load.size(),
            Titles.number(load.rate()));
  }

  @Override
  public long connectionsMade(Load load) {
    return 2L * load.connections();
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Victim victim = Victim.of(rig, load);
    requireUsable(rig, load);
    Findings findings = new Findings();
    LossLedger ledger = new LossLedger(load.connections(), load.channels(), load.publishers());
    RovingSubscribers subscribers = new RovingSubscribers(rig, load, ledger);
    subscribers.openAll();
    List<RovingPublisher> publishers = publishers(rig, load, ledger);
    Schedule schedule = new Schedule(publishers, load);
    try {
      drive(rig, load, victim, subscribers, publishers, schedule);
    } finally {
      victim.resume();
    }
    drain(rig, ledger, subscribers, publishers);
    publishers.forEach(RovingPublisher::close);
    subscribers.cutAll();
    report(findings, ledger, subscribers, publishers);
    if (rig.loop().isInterrupted()) {
      findings.remark("Interrupted: the figures cover the time until then.");
    }
    return Results.of(this, rig, load, findings);
  }

  private static void requireUsable(Rig rig, Load load) {
    if (rig.nodes() < 2) {
      throw Refusal.usage("node-loss needs the URLs of at least two nodes (--nodes URL,URL).");
    }
    if (load.rate() <= 0) {
      throw Refusal.usage("node-loss needs a rate (--rate).");
    }
    if (load.rate() * load.seconds() * load.connections() > MOST_BITS) {
      throw Refusal.usage(
          "node-loss remembers each event at each subscriber, and these are too many: lower --rate,"
              + " --duration or --connections.");
    }
  }

  private static List<RovingPublisher> publishers(Rig rig, Load load, LossLedger ledger) {
    List<EventTemplate> templates =
        IntStream.range(0, load.channels())
            .mapToObj(c -> EventTemplate.http(c, load.channelName(c), load.size()))
            .toList();
    List<RovingPublisher> all =
        IntStream.range(0, load.publishers())
            .mapToObj(number -> new RovingPublisher(number, rig, WINDOW, templates, ledger))
            .toList();
    all.forEach(RovingPublisher::open);
    if (!rig.loop()
        .run(
            () -> all.stream().allMatch(RovingPublisher::isReady),
            System.nanoTime() + CONNECT_NS,
            _ -> 0)) {
      throw new Refusal("Not all publishers could connect.");
    }
    return all;
  }

  private static void drive(
      Rig rig,
      Load load,
      Victim victim,
      RovingSubscribers subscribers,
      List<RovingPublisher> publishers,
      Schedule schedule) {
    long startNs = System.nanoTime();
    schedule.start(startNs);
    boolean _ =
        rig.loop()
            .run(
                () -> rig.loop().isInterrupted(),
                startNs + load.durationNs(),
                nowNs -> {
                  victim.onTurn(nowNs - startNs, load.durationNs());
                  publishers.forEach(publisher -> publisher.onTurn(nowNs));
                  rig.progress().show("node loss: %d s".formatted((nowNs - startNs) / SECOND_NS));
                  return subscribers.onTurn(nowNs) + schedule.onTurn(nowNs);
                });
  }

  /// Waits for what is owed or unanswered, as long as anything arrives.
  private void drain(
      Rig rig, LossLedger ledger, RovingSubscribers subscribers, List<RovingPublisher> publishers) {
    long endNs = System.nanoTime() + DRAIN_NS;
    long movedNs = System.nanoTime();
    long before = ledger.delivered();
    boolean waiting = true;
    while (waiting && !rig.loop().isInterrupted()) {
      boolean _ =
          rig.loop()
              .run(
                  () -> false,
                  System.nanoTime() + CHECK_NS,
                  nowNs -> {
                    publishers.forEach(publisher -> publisher.onTurn(nowNs));
                    return subscribers.onTurn(nowNs);
                  });
      long nowNs = System.nanoTime();
      if (ledger.delivered() != before) {
        before = ledger.delivered();
        movedNs = nowNs;
      }
      boolean complete =
          ledger.lost() == 0
              && publishers.stream().allMatch(publisher -> publisher.unanswered() == 0);
      waiting = !complete && nowNs - movedNs < stillNs && nowNs - endNs < 0;
    }
  }

  private static void report(
      Findings findings,
      LossLedger ledger,
      RovingSubscribers subscribers,
      List<RovingPublisher> publishers) {
    long accepted = ledger.count(LossLedger.State.ACCEPTED);
    findings.figure("accepted", "events accepted", (double) accepted, Unit.COUNT);
    findings.figure("delivered", "messages delivered", (double) ledger.delivered(), Unit.COUNT);
    findings.mustBeZero("lost", "messages lost", ledger.lost());
    findings.mustBeZero("duplicated", "messages duplicated", ledger.duplicated());
    findings.mustBeZero("out_of_order", "messages out of order", ledger.outOfOrder());
    findings.mustBeZero("misdirected", "messages to the wrong subscriber", ledger.misdirected());
    findings.figure("late", "messages later than a second", (double) ledger.late(), Unit.COUNT);
    count(findings, "lost_with_node", "messages lost with a node", ledger.lostWithNode());
    count(findings, "missed", "messages missed while disconnected", ledger.missedWhileAway());
    long unanswered = ledger.count(LossLedger.State.UNANSWERED);
    count(findings, "unanswered", "publishes without a response", unanswered);
    findings.mustBeZero(
        "publishes_refused", "publishes refused", ledger.count(LossLedger.State.REFUSED));
    count(findings, "returned", "clients reconnected", subscribers.returned());
    double away = subscribers.awayNs() / NS_PER_SECOND;
    findings.figure("back_seconds", "all clients back within", away, Unit.SECONDS);
    findings.mustBeZero(
        "disconnected", "clients disconnected by a live node", subscribers.disconnected());
    findings.mustBeZero("errors", "errors from the server", subscribers.errors());
    if (!subscribers.firstError().isEmpty()) {
      findings.failure("First error: " + subscribers.firstError());
    }
    publishers.stream()
        .map(RovingPublisher::firstRefusal)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .ifPresent(text -> findings.failure("First refusal: " + text));
    findings.latency(ledger.latency());
  }

  private static void count(Findings findings, String key, String title, long value) {
    findings.figure(key, title, (double) value, Unit.COUNT);
  }

  /// When which publisher sends to which channel. The next event goes to any that may send, so a
  /// stopped node slows down no publishers but its own.
  private static final class Schedule {
    private final List<RovingPublisher> publishers;
    private final Load load;
    private double dueNs;
    private int nextPublisher;
    private int nextChannel;

    Schedule(List<RovingPublisher> publishers, Load load) {
      this.publishers = publishers;
      this.load = load;
    }

    void start(long nowNs) {
      dueNs = nowNs;
    }

    int onTurn(long nowNs) {
      int work = 0;
      while (dueNs <= nowNs) {
        RovingPublisher free = free();
        if (free == null) {
          break;
        }
        free.send(nextChannel, (long) dueNs, nowNs);
        nextChannel = (nextChannel + 1) % load.channels();
        dueNs += NS_PER_SECOND / load.rate();
        work++;
      }
      return work;
    }

    private @Nullable RovingPublisher free() {
      for (int tried = 0; tried < publishers.size(); tried++) {
        RovingPublisher candidate = publishers.get(nextPublisher);
        nextPublisher = (nextPublisher + 1) % publishers.size();
        if (candidate.canSend()) {
          return candidate;
        }
      }
      return null;
    }
  }

  /// The process of the last node: gets the signal after a third of the time, and is continued
  /// after two thirds if it was stopped.
  private static final class Victim {
    private final Signal signal;
    private final long pid;
    private boolean signalled;
    private boolean stopped;

    private Victim(Signal signal, long pid) {
      this.signal = signal;
      this.pid = pid;
    }

    static Victim of(Rig rig, Load load) {
      ServerProcess server = rig.server();
      if (load.signal() == Signal.NONE) {
        return new Victim(Signal.NONE, 0);
      }
      if (server == null || server.nodes().size() != rig.nodes()) {
        throw Refusal.usage("--signal needs the processes of all --nodes (--pid PID,PID).");
      }
      return new Victim(load.signal(), server.nodes().getLast());
    }

    void onTurn(long elapsedNs, long durationNs) {
      if (signal != Signal.NONE && !signalled && elapsedNs * 3 >= durationNs) {
        signalled = true;
        stopped = signal == Signal.STOP;
        ServerProcess.signal(pid, signal.name());
      }
      if (stopped && elapsedNs * 3 >= durationNs * 2) {
        resume();
      }
    }

    void resume() {
      if (stopped) {
        stopped = false;
        ServerProcess.signal(pid, "CONT");
      }
    }
  }
}
