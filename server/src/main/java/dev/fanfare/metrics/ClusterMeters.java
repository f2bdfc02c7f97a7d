package dev.fanfare.metrics;

import dev.fanfare.cluster.MeshListener.Loss;
import dev.fanfare.cluster.MeshState.PeerState;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.MeshTotals;
import dev.fanfare.cluster.datagram.Rejection;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.webhook.SharedEvents;
import dev.fanfare.webhook.Webhooks;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// The bus and the other nodes, of a node that has others. Registered once; read by any thread. No
/// label names a node, a channel or a user. Micrometer refers to this object weakly, so its creator
/// must keep it.
///
/// @param state the newest; null until the node has started
record ClusterMeters(MeterRegistry registry, ClusterState.Source state, Webhooks webhooks) {

  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  void register() {
    engine();
    events();
    nodes();
    webhookEvents();
  }

  private void engine() {
    gauge("bus.connected", state -> state.engine().isConnected() ? 1 : 0)
        .description("1 if the node is connected to the bus")
        .register(registry);
    gauge("bus.hearing", state -> state.isHearing() ? 1 : 0)
        .description("1 if the node hears itself through the bus")
        .register(registry);
    gauge("bus.round.trip.seconds", state -> state.mesh().roundTripNs() / SECOND_NS)
        .description("Time from sending a beat until it came back through the bus")
        .register(registry);
    counter("bus.datagrams", state -> state.engine().sent())
        .description("Datagrams sent to the bus and received from it")
        .tag("direction", "sent")
        .register(registry);
    counter("bus.datagrams", state -> state.engine().received())
        .description("Datagrams sent to the bus and received from it")
        .tag("direction", "received")
        .register(registry);
    counter("bus.bytes", state -> state.engine().sentBytes())
        .description("Bytes of datagrams sent to the bus and received from it")
        .tag("direction", "sent")
        .register(registry);
    counter("bus.bytes", state -> state.engine().receivedBytes())
        .description("Bytes of datagrams sent to the bus and received from it")
        .tag("direction", "received")
        .register(registry);
    for (Rejection reason : Rejection.values()) {
      counter("bus.rejected", state -> of(state).rejected().getOrDefault(reason, 0L))
          .description("Datagrams that were dropped")
          .tag("reason", lowerCase(reason))
          .register(registry);
    }
    counter("bus.rejected", state -> state.engine().dropped())
        .description("Datagrams that were dropped")
        .tag("reason", "queue")
        .register(registry);
    counter("bus.retransmissions", state -> of(state).retransmissions())
        .description("Datagrams that were sent again because no node confirmed them in time")
        .register(registry);
  }

  private void events() {
    counter("bus.events.sent", state -> of(state).eventsSent())
        .description("Events sent to other nodes, once for each of them")
        .register(registry);
    counter("bus.events.received", state -> of(state).eventsReceived())
        .description("Events received from other nodes")
        .register(registry);
    counter("bus.events.late", state -> of(state).eventsLate())
        .description("Events received more than two seconds after they were published")
        .register(registry);
    counter("bus.events.missed", state -> of(state).eventsMissed())
        .description("Events of other nodes that did not get here, as those nodes have said")
        .register(registry);
    for (Loss reason : Loss.values()) {
      counter("bus.events.lost", state -> of(state).lost().getOrDefault(reason, 0L))
          .description("Events that another node with subscribers did not get")
          .tag("reason", lowerCase(reason))
          .register(registry);
    }
    gauge("bus.log.bytes", state -> state.mesh().logBytes())
        .description("Recent events that are kept for nodes that were away or subscribe late")
        .register(registry);
    gauge("bus.log.seconds", state -> state.mesh().logNs() / SECOND_NS)
        .description("Age of the oldest recent event that is kept")
        .register(registry);
    gauge(
            "cluster.link.waiting.bytes",
            state ->
                state.mesh().peers().stream().mapToLong(PeerState::waitingBytes).max().orElse(0))
        .description("What waits for one node and is not confirmed, the maximum of all nodes")
        .register(registry);
  }

  private void nodes() {
    for (Standing standing : Standing.values()) {
      gauge("cluster.nodes", state -> state.mesh().count(standing))
          .description("Other nodes by state")
          .tag("state", lowerCase(standing))
          .register(registry);
    }
    gauge("cluster.channels", state -> state.mesh().channels())
        .description("Channels with subscribers on other nodes, once for each of these nodes")
        .register(registry);
    gauge("cluster.members", state -> state.mesh().members())
        .description("Members on other nodes, once for each of these nodes")
        .register(registry);
    counter("cluster.divergences", state -> of(state).divergences())
        .description("How often this node had another state of a node than that node itself")
        .register(registry);
    counter("cluster.gone", state -> of(state).gone())
        .description("Nodes that were silent for the lease, so that their entries were removed")
        .register(registry);
    gauge(
            "cluster.config.differs",
            state -> state.mesh().peers().stream().allMatch(PeerState::isConfigEqual) ? 0 : 1)
        .description("1 if another node has other apps or limits")
        .register(registry);
  }

  private void webhookEvents() {
    Gauge.builder("fanfare.cluster.webhooks.kept", webhooks, it -> it.shared().kept())
        .description("Pending webhook events of other nodes that this node keeps")
        .register(registry);
    Gauge.builder("fanfare.cluster.webhooks.waiting", webhooks, it -> it.shared().waiting())
        .description("Client events and cache misses that other nodes have not accepted yet")
        .register(registry);
    unshared("pending", SharedEvents::ownUnshared);
    unshared("kept", SharedEvents::unkept);
    unshared("client", SharedEvents::reportedHere);
  }

  private void unshared(String kind, ToLongFunction<SharedEvents> value) {
    FunctionCounter.builder(
            "fanfare.cluster.webhooks.unshared", webhooks, it -> value.applyAsLong(it.shared()))
        .description("Webhook events that nodes do not share because of a limit")
        .tag("kind", kind)
        .register(registry);
  }

  private static MeshTotals of(ClusterState state) {
    return state.mesh().totals();
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Gauge.Builder<ClusterMeters> gauge(String name, ToDoubleFunction<ClusterState> value) {
    return Gauge.builder("fanfare." + name, this, it -> it.read(value));
  }

  private FunctionCounter.Builder<ClusterMeters> counter(
      String name, ToDoubleFunction<ClusterState> value) {
    return FunctionCounter.builder("fanfare." + name, this, it -> it.read(value));
  }

  private double read(ToDoubleFunction<ClusterState> value) {
    ClusterState now = state.newest();
    return now == null ? 0 : value.applyAsDouble(now);
  }
}
