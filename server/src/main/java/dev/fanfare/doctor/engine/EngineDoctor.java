package dev.fanfare.doctor.engine;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.bus.StoreRemark;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.doctor.report.EngineReport;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the steps one after the other: names, addresses, log-in with rights and role, version and
/// limits, the round trip of datagrams, what it keeps, and what other nodes send. What it sends and
/// keeps goes to its own channel, so the nodes do not notice it. Blocks; for one thread, once.
public final class EngineDoctor {

  /// How to examine.
  ///
  /// @param life of this process: random, not 0
  /// @param codec reads what the nodes send
  /// @param configHash of the apps that are configured here
  /// @param timeout for each step
  /// @param listening how long to listen for other nodes
  public record Plan(
      EngineOptions engine,
      long life,
      DatagramCodec codec,
      long configHash,
      Duration timeout,
      Duration listening) {}

  /// Examines the settings of an engine that can be used.
  @FunctionalInterface
  public interface Remarks {

    /// Blocks for some seconds at most.
    List<StoreRemark> get() throws InterruptedException;
  }

  /// What nodes keep in the engine, not opened yet; closed at the end.
  ///
  /// @param hasRules true if an app has rules for history
  /// @param remarks what else there is to know about an engine that can be used
  public record Store(
      boolean hasRules, Supplier<Streams> streams, Supplier<RequestKeys> keys, Remarks remarks) {}

  private static final int ROUND_TRIPS = 20;
  private static final int PAYLOAD_BYTES = 200;
  private static final List<String> STEPS =
      List.of("login", "engine", "round trip", "history", "keys", "nodes");
  private static final Outcome SKIPPED = new Outcome.Skipped("skipped, because a step failed");

  private final NanoClock clock = NanoClock.SYSTEM;
  private final Plan plan;
  private final Listener listener = new Listener();
  private final NodesHeard nodes;
  private final List<EngineReport.Line> lines = new ArrayList<>();

  public EngineDoctor(Plan plan) {
    this.plan = plan;
    this.nodes = new NodesHeard(plan.codec(), plan.configHash());
  }

  /// Runs all steps.
  ///
  /// @param wire not opened yet; it is closed at the end
  /// @param store what nodes keep besides
  public EngineReport examine(Wire wire, Store store) throws InterruptedException {
    try (wire) {
      boolean isReached = run("names", this::names);
      isReached = isReached && run("TCP", this::connect);
      if (!isReached) {
        STEPS.forEach(this::skip);
        return new EngineReport(wire.address(), lines);
      }
      wire.open(plan.life(), listener);
      if (runBlocking("login", this::logIn)
          && run("engine", () -> Suitability.of(wire.describe()))
          && runBlocking("round trip", () -> roundTrip(wire))) {
        StoreTrial trial = new StoreTrial(plan.engine(), plan.life(), plan.timeout());
        boolean _ = runBlocking("history", () -> history(trial, store));
        boolean _ = runBlocking("keys", () -> trial.keys(store.keys().get()));
        boolean _ = runBlocking("nodes", this::listen);
      }
      STEPS.forEach(this::skip);
      return new EngineReport(wire.address(), lines);
    }
  }

  @FunctionalInterface
  private interface Blocking {
    Outcome run() throws InterruptedException;
  }

  private boolean run(String title, Supplier<Outcome> step) {
    long startNs = clock.nanoTime();
    return add(title, step.get(), startNs);
  }

  private boolean runBlocking(String title, Blocking step) throws InterruptedException {
    long startNs = clock.nanoTime();
    return add(title, step.run(), startNs);
  }

  private boolean add(String title, Outcome outcome, long startNs) {
    long ms = TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - startNs);
    lines.add(new EngineReport.Line(title, outcome, ms));
    return !(outcome instanceof Outcome.Failed);
  }

  private void skip(String title) {
    if (lines.stream().noneMatch(line -> line.title().equals(title))) {
      lines.add(new EngineReport.Line(title, SKIPPED, 0));
    }
  }

  private List<EngineUrl.Host> hosts() {
    return plan.engine().urls().stream().flatMap(url -> url.hosts().stream()).distinct().toList();
  }

  private Outcome names() {
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (EngineUrl.Host host : hosts()) {
      try {
        good.add(host.name() + " is " + InetAddress.getByName(host.name()).getHostAddress());
      } catch (UnknownHostException e) {
        bad.add(host.name() + " cannot be resolved here");
      }
    }
    return outcome(good, bad, "Check the spelling, and that this machine uses the right DNS.");
  }

  private Outcome connect() {
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (EngineUrl.Host host : hosts()) {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(host.name(), host.port()),
            Math.toIntExact(plan.timeout().toMillis()));
        good.add("connected to " + host);
      } catch (IOException e) {
        bad.add(host + ": " + e.getMessage());
      }
    }
    return outcome(
        good, bad, "Start the engine, check its port and address, and firewalls in between.");
  }

  /// One of several is enough, but the others would be missed in a fail-over.
  private static Outcome outcome(List<String> good, List<String> bad, String remedy) {
    String finding = String.join("; ", good);
    String trouble = String.join("; ", bad);
    if (bad.isEmpty()) {
      return new Outcome.Passed(finding);
    }
    return good.isEmpty()
        ? new Outcome.Failed(trouble, remedy)
        : new Outcome.Warned(finding + "; but " + trouble, remedy);
  }

  private Outcome logIn() throws InterruptedException {
    long deadlineNs = clock.nanoTime() + plan.timeout().toNanos();
    Listener.@Nullable Event event = listener.next(deadlineNs, clock.nanoTime());
    while (event instanceof Listener.Event.Arrived arrived) {
      nodes.add(arrived.datagram());
      event = listener.next(deadlineNs, clock.nanoTime());
    }
    return switch (event) {
      case Listener.Event.Disconnected(String reason) -> failed(reason);
      case null ->
          new Outcome.Failed(
              "no response within " + plan.timeout().toSeconds() + " s",
              "Check the log of the engine; if the network is slow, raise --timeout.");
      default ->
          new Outcome.Passed(
              plan.engine().kind() == EngineOptions.Kind.REDIS
                  ? "logged in to a master and subscribed"
                  : "logged in and subscribed");
    };
  }

  private Outcome failed(String reason) {
    return new Outcome.Failed(reason, Remedies.of(reason, plan.engine()));
  }

  private Outcome roundTrip(Wire wire) throws InterruptedException {
    long[] trips = new long[ROUND_TRIPS];
    for (int i = 0; i < ROUND_TRIPS; i++) {
      byte[] datagram = ByteBuffer.allocate(PAYLOAD_BYTES).putInt(0, i).array();
      long startNs = clock.nanoTime();
      long deadlineNs = startNs + plan.timeout().toNanos();
      boolean _ = wire.send(plan.life(), datagram);
      boolean isBack = false;
      while (!isBack) {
        switch (listener.next(deadlineNs, clock.nanoTime())) {
          case Listener.Event.Arrived arrived when arrived.isEqual(datagram) -> isBack = true;
          case Listener.Event.Arrived arrived -> nodes.add(arrived.datagram());
          case Listener.Event.Disconnected(String reason) -> {
            return failed(reason);
          }
          case Listener.Event.Connected _ -> {}
          case null -> {
            return new Outcome.Failed(
                "a datagram to this process did not come back within "
                    + plan.timeout().toSeconds()
                    + " s",
                Remedies.rights(plan.engine()));
          }
        }
      }
      trips[i] = clock.nanoTime() - startNs;
    }
    Arrays.sort(trips);
    double ms = trips[ROUND_TRIPS / 2] / (double) TimeUnit.MILLISECONDS.toNanos(1);
    return new Outcome.Passed(
        String.format(Locale.ROOT, "median %.1f ms of %d datagrams", ms, ROUND_TRIPS));
  }

  private static Outcome history(StoreTrial trial, Store store) throws InterruptedException {
    return store.hasRules()
        ? trial.history(store.streams().get(), store.remarks())
        : new Outcome.Skipped("no app has rules for history");
  }

  private Outcome listen() throws InterruptedException {
    long deadlineNs = clock.nanoTime() + plan.listening().toNanos();
    Listener.@Nullable Event event = listener.next(deadlineNs, clock.nanoTime());
    while (event != null) {
      if (event instanceof Listener.Event.Arrived arrived) {
        nodes.add(arrived.datagram());
      } else if (event instanceof Listener.Event.Disconnected(String reason)) {
        return failed(reason);
      }
      event = listener.next(deadlineNs, clock.nanoTime());
    }
    return nodes.outcome(plan.listening().toSeconds());
  }
}
