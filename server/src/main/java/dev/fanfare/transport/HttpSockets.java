package dev.fanfare.transport;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The sockets of one lane that speak HTTP, in the order of their last request, and what their
/// responses have in common. Confined to the lane.
final class HttpSockets {

  /// How many more strangers than other sockets are closed at a time.
  private static final int STRANGERS = 8;

  /// While files are short, how long a socket without TLS may stay without a request's head. That
  /// follows the last packet of the TCP handshake at once, in one piece, however far away it is.
  static final long STRANGER_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// In access order, so that moving a member to the end allocates nothing. The values mean
  /// nothing.
  private final Map<HttpGateway, Boolean> members = new LinkedHashMap<>(16, 0.75f, true);

  private final TlsHandshakes handshakes;
  private final AsciiString keepAlive;
  private boolean isDraining;

  HttpSockets(ServerOptions options) {
    this.handshakes = new TlsHandshakes(options.tls().handshakes(), options.laneCount());
    this.keepAlive = AsciiString.of("timeout=" + options.keepAliveSeconds());
  }

  /// The TLS handshakes of this lane.
  TlsHandshakes handshakes() {
    return handshakes;
  }

  void add(HttpGateway gateway) {
    members.put(gateway, Boolean.TRUE);
  }

  void remove(HttpGateway gateway) {
    members.remove(gateway);
  }

  /// A request has arrived or was answered late: this member was used last.
  void touch(HttpGateway gateway) {
    var _ = members.get(gateway);
  }

  /// The value of the `Keep-Alive` header.
  AsciiString keepAlive() {
    return keepAlive;
  }

  /// From now on every response closes its connection.
  void drain() {
    isDraining = true;
    members.keySet().forEach(HttpGateway::checkSoon);
  }

  boolean isDraining() {
    return isDraining;
  }

  /// Frees file descriptors: closes sockets at once, in this order, the oldest of each kind first:
  ///
  /// 1. sockets that already had their last response;
  /// 2. sockets that never sent a request's head: silent ones, half TLS handshakes, half heads;
  /// 3. sockets that are idle between two requests;
  /// 4. sockets whose request has begun and is not complete.
  ///
  /// Of the first two, up to [#STRANGERS] times `count` are closed: their peers have nothing to
  /// lose, and may be many.
  ///
  /// @param minIdleNs spares sockets that were accepted or used within this many nanoseconds; those
  ///   that have sent neither a head nor a TLS hello only for [#STRANGER_NS]
  /// @return how many were closed
  int closeOldest(int count, long nowNs, long minIdleNs) {
    List<HttpGateway> chosen = new ArrayList<>();
    choose(chosen, count * STRANGERS, member -> member.activity().isLingering());
    chosen.forEach(HttpGateway::closeNow); // which removes them
    List<HttpGateway> strangers = new ArrayList<>();
    int room = count * STRANGERS - chosen.size();
    choose(strangers, room, member -> isSlowStranger(member, nowNs, minIdleNs));
    strangers.forEach(
        member -> member.peer().end("open files ran short, and no request had arrived"));
    chosen.addAll(strangers);
    int before = chosen.size();
    choose(chosen, count, member -> member.activity().isIdle(nowNs, minIdleNs));
    choose(chosen, count, member -> member.activity().isUnfinished(nowNs, minIdleNs));
    chosen.subList(before, chosen.size()).forEach(HttpGateway::closeNow);
    return chosen.size();
  }

  private static boolean isSlowStranger(HttpGateway member, long nowNs, long minIdleNs) {
    HttpActivity activity = member.activity();
    long idleNs = member.peer().isSecure() ? minIdleNs : Math.min(minIdleNs, STRANGER_NS);
    return activity.isStranger()
        && (activity.isIdle(nowNs, idleNs) || activity.isUnfinished(nowNs, idleNs));
  }

  /// Adds the oldest members that match, until `chosen` has `count`.
  private void choose(List<HttpGateway> chosen, int count, Predicate<HttpGateway> which) {
    for (HttpGateway member : members.keySet()) {
      if (chosen.size() >= count) {
        return;
      }
      if (which.test(member)) {
        chosen.add(member);
      }
    }
  }

  /// Closes idle sockets gracefully: our half of TCP first.
  ///
  /// @return true if no member has a request in progress or may still send one
  boolean finishIdle(long nowNs, long minIdleNs) {
    boolean isQuiet = true;
    for (HttpGateway member : List.copyOf(members.keySet())) {
      if (member.activity().isIdle(nowNs, minIdleNs)) {
        member.finish();
      }
      isQuiet &= member.hasEnded();
    }
    return isQuiet;
  }

  int size() {
    return members.size();
  }
}
