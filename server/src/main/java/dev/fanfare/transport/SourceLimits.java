package dev.fanfare.transport;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Rate;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.address.Ip;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Limits per source address: concurrent connections, and handshakes per second. An address is an
/// [Ip#block]. Thread-safe; threads contend only for the same address.
///
/// What an address has used of the rate is the time at which its bucket will be full again. Once
/// that has passed, the entry can be dropped.
public final class SourceLimits {

  /// Addresses whose handshakes are counted. Above, new addresses are let in uncounted: a flood
  /// from so many addresses looks like a crowd of clients, which must not be locked out.
  static final int MAX_ADDRESSES = 65_536;

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private static final long MIN_REVIEW_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final int maxConnections;
  private final int maxHandshakes;
  private final Rate handshakes;
  private final NanoClock clock;
  private final ConcurrentMap<Ip, Integer> connections = new ConcurrentHashMap<>();

  /// Sockets above the limit that wait for their first request, and so for the reason.
  private final ConcurrentMap<Ip, Integer> waiting = new ConcurrentHashMap<>();

  private final ConcurrentMap<Ip, Long> fullAtNs = new ConcurrentHashMap<>();

  /// When to look at each of these addresses again, in this order: all wait equally long.
  private final Queue<Review> reviews = new ConcurrentLinkedQueue<>();

  /// How long they wait: the bucket of an address with a single handshake is full again.
  private final long reviewNs;

  private record Review(Ip block, long atNs) {}

  public SourceLimits(ServerOptions options, NanoClock clock) {
    this.maxConnections = options.maxConnectionsPerAddress();
    this.maxHandshakes = options.maxHandshakesPerSecondPerAddress();
    this.handshakes = Rate.perSecond(Math.max(1, maxHandshakes));
    this.clock = clock;
    this.reviewNs = Math.max(MIN_REVIEW_NS, SECOND_NS / Math.max(1, maxHandshakes));
  }

  /// Counts a handshake; fails if it exceeds the limit.
  public Parsed<Parsed.Passed> handshake(@Nullable Ip ip) {
    if (maxHandshakes == 0 || ip == null || takeToken(ip.block())) {
      return Parsed.PASSED;
    }
    return new Parsed.Bad<>(
        ip.blockName()
            + " made more than "
            + maxHandshakes
            + " handshakes in a second (max_handshakes_per_second_per_address)");
  }

  private boolean takeToken(Ip block) {
    long nowNs = clock.nanoTime();
    if (fullAtNs.size() >= MAX_ADDRESSES && !fullAtNs.containsKey(block)) {
      return true;
    }
    boolean[] taken = new boolean[1];
    boolean[] isNew = new boolean[1];
    fullAtNs.compute(
        block,
        (_, before) -> {
          long full = before == null ? nowNs : before;
          taken[0] = handshakes.allows(full, 1, nowNs);
          isNew[0] = before == null;
          return taken[0] ? handshakes.take(full, 1, nowNs) : full;
        });
    if (isNew[0]) {
      reviews.add(new Review(block, nowNs + reviewNs));
    }
    return taken[0];
  }

  /// True if connections are counted.
  boolean isCounting() {
    return maxConnections > 0;
  }

  /// Counts a connection until [#disconnected]; fails if it exceeds the limit.
  public Parsed<Parsed.Passed> connect(Ip ip) {
    return add(connections, ip) ? Parsed.PASSED : full(ip);
  }

  /// Counts a socket above the limit, which waits for its refusal, until [#stopWaiting]; false if
  /// as many as the limit wait already.
  boolean await(Ip ip) {
    return add(waiting, ip);
  }

  private boolean add(ConcurrentMap<Ip, Integer> counts, Ip ip) {
    if (maxConnections == 0) {
      return true;
    }
    boolean[] counted = new boolean[1];
    counts.compute(
        ip.block(),
        (_, before) -> {
          int count = before == null ? 0 : before;
          counted[0] = count < maxConnections;
          return counted[0] ? count + 1 : before;
        });
    return counted[0];
  }

  /// What an address gets that may not have another connection.
  Parsed<Parsed.Passed> full(Ip ip) {
    return new Parsed.Bad<>(
        ip.blockName()
            + " has "
            + maxConnections
            + " connections, the limit (max_connections_per_address)");
  }

  /// A counted connection has closed.
  public void disconnected(Ip ip) {
    remove(connections, ip);
  }

  /// A waiting socket has closed, or was admitted.
  void stopWaiting(Ip ip) {
    remove(waiting, ip);
  }

  private static void remove(ConcurrentMap<Ip, Integer> counts, Ip ip) {
    counts.computeIfPresent(ip.block(), (_, count) -> count == 1 ? null : count - 1);
  }

  /// Drops addresses without recent handshakes, and looks only at those that may be due. Called a
  /// few times a second by the housekeeping thread.
  public void sweep() {
    long nowNs = clock.nanoTime();
    Review review;
    while ((review = reviews.peek()) != null && review.atNs - nowNs <= 0) {
      reviews.remove();
      Long full = fullAtNs.computeIfPresent(review.block, (_, at) -> at - nowNs <= 0 ? null : at);
      if (full != null) {
        reviews.add(new Review(review.block, nowNs + reviewNs));
      }
    }
  }

  /// How many addresses are stored.
  int addresses() {
    return connections.size() + waiting.size() + fullAtNs.size();
  }
}
