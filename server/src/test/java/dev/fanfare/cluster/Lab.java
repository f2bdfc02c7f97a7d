package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.RateShares;
import dev.fanfare.bus.Wire;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Some nodes on one engine, in a test's hands: each step is a millisecond, and nothing is random.
final class Lab {

  /// Decides which datagrams are lost.
  @FunctionalInterface
  interface Loss {
    boolean isLost(Station from, Station to);
  }

  /// A node and what it has received.
  final class Station {
    final long life;
    final Mesh mesh;
    final List<BusMessage> received = new ArrayList<>();
    final List<Long> asOfNs = new ArrayList<>();
    final List<MeshListener.Event> log = new ArrayList<>();
    final List<byte[]> sent = new ArrayList<>();
    final RateShares shares = new RateShares();
    Consumer<BusMessage> onReceived = _ -> {};

    /// Changes what it sends.
    UnaryOperator<byte[]> rewriting = UnaryOperator.identity();

    boolean hasRoom = true;
    boolean isStopped;

    Station(long life, MeshOptions options) {
      this.life = life;
      this.mesh =
          new Mesh(
              options,
              life,
              new MeshPorts(this::send, this::onMessage, _ -> hasRoom, log::add, shares),
              nowNs());
      stations.add(this);
    }

    private void send(long to, byte[] written) {
      byte[] datagram = rewriting.apply(written);
      sent.add(datagram);
      for (Station other : stations) {
        if ((to == Wire.ALL || to == other.life) && !loss.isLost(this, other)) {
          underWay.add(new UnderWay(other, datagram, nowMs + transitMs));
        }
      }
    }

    private void onMessage(int slot, BusMessage message, long asOf) {
      received.add(message);
      onReceived.accept(message);
      asOfNs.add(asOf);
    }

    void publish(BusMessage message) {
      mesh.local(message, nowNs());
    }

    void subscribe(String channel) {
      publish(new BusMessage.Interest("1", channel, 1, nowNs()));
    }

    void unsubscribe(String channel) {
      publish(new BusMessage.Interest("1", channel, 0, nowNs()));
    }

    void event(String channel, String data) {
      publish(new BusMessage.Event("1", publication(channel, data)));
    }

    /// The data of the received events.
    List<String> events() {
      List<String> events = new ArrayList<>();
      for (BusMessage message : received) {
        if (message instanceof BusMessage.Event event) {
          events.add(event.publication().data());
        }
      }
      return events;
    }

    MeshState state() {
      return mesh.state(nowNs());
    }

    /// Its state as another station sees it.
    MeshState.PeerState of(Station other) {
      return state().peers().stream()
          .filter(peer -> peer.life() == other.life)
          .findFirst()
          .orElseThrow();
    }

    <T extends MeshListener.Event> List<T> logged(Class<T> type) {
      return log.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  private static final class UnderWay {
    private final Station to;
    private final byte[] datagram;
    private final long atMs;

    UnderWay(Station to, byte[] datagram, long atMs) {
      this.to = to;
      this.datagram = datagram;
      this.atMs = atMs;
    }
  }

  static final MeshOptions OPTIONS = MeshOptions.defaults("lab", "node", "1");
  private static final long TICK_MS = TimeUnit.NANOSECONDS.toMillis(Mesh.TICK_NS);

  private final List<Station> stations = new ArrayList<>();
  private final List<UnderWay> underWay = new ArrayList<>();
  Loss loss = (_, _) -> false;
  long transitMs = 1;
  private long nowMs = 1_000;

  static Publication publication(String channel, String data) {
    if (!(ChannelName.parse(channel, 200) instanceof Parsed.Ok<ChannelName>(var name))) {
      throw new IllegalArgumentException(channel);
    }
    return new Publication(name, "e", data, null, null, Origin.HTTP);
  }

  Station station(long life) {
    return new Station(life, OPTIONS);
  }

  Station station(long life, MeshOptions options) {
    return new Station(life, options);
  }

  long nowNs() {
    return TimeUnit.MILLISECONDS.toNanos(nowMs);
  }

  /// Lets time pass for all stations that are not stopped.
  void run(long ms) {
    for (long i = 0; i < ms; i++) {
      nowMs++;
      deliver();
      for (Station station : stations) {
        if (!station.isStopped) {
          if (nowMs % TICK_MS == 0) {
            station.mesh.tick(nowNs());
          }
          station.mesh.flush(nowNs());
        }
      }
    }
  }

  private void deliver() {
    List<UnderWay> due = underWay.stream().filter(d -> d.atMs <= nowMs).toList();
    underWay.removeAll(due);
    for (UnderWay datagram : due) {
      if (!datagram.to.isStopped) {
        datagram.to.mesh.received(datagram.datagram, nowNs());
      }
    }
  }

  /// Ends without a farewell.
  void kill(Station station) {
    stations.remove(station);
    underWay.removeIf(datagram -> datagram.to == station);
  }
}
