package dev.fanfare.transport;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The sockets of one lane that speak HTTP, in the order of their last request, and what their
/// responses have in common. Confined to the lane.
final class HttpSockets {

  /// In access order, so that moving a member to the end allocates nothing. The values mean
  /// nothing.
  private final Map<HttpGateway, Boolean> members = new LinkedHashMap<>(16, 0.75f, true);

  private final AsciiString keepAlive;
  private boolean isDraining;

  HttpSockets(ServerOptions options) {
    this.keepAlive = AsciiString.of("timeout=" + options.keepAliveSeconds());
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
  }

  boolean isDraining() {
    return isDraining;
  }

  /// Frees file descriptors: closes at once up to `count` sockets that have no request in progress;
  /// first those that already had their last response, then the longest idle.
  ///
  /// @param minIdleNs spares sockets that were accepted or used within this many nanoseconds
  /// @return how many were closed
  int closeOldestIdle(int count, long nowNs, long minIdleNs) {
    List<HttpGateway> chosen = new ArrayList<>();
    for (HttpGateway member : members.keySet()) {
      if (chosen.size() < count && member.hasEnded() && member.isOpen()) {
        chosen.add(member);
      }
    }
    for (HttpGateway member : members.keySet()) {
      if (chosen.size() == count) {
        break;
      }
      if (member.isIdle(nowNs, minIdleNs)) {
        chosen.add(member);
      }
    }
    chosen.forEach(HttpGateway::closeNow); // which removes them
    return chosen.size();
  }

  /// Closes idle sockets gracefully: our half of TCP first.
  ///
  /// @return true if no member has a request in progress or may still send one
  boolean finishIdle(long nowNs, long minIdleNs) {
    boolean isQuiet = true;
    for (HttpGateway member : List.copyOf(members.keySet())) {
      if (member.isIdle(nowNs, minIdleNs)) {
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
