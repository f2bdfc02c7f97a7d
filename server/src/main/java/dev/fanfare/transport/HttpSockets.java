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
public final class HttpSockets {

  /// How many more strangers than other sockets are closed at a time.
  private static final int STRANGERS = 8;

  /// While files are short, how long a socket without TLS may stay without a request's head. That
  /// follows the last packet of the TCP handshake at once, in one piece, however far away it is.
  public static final long STRANGER_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// One of the sockets.
  public interface Member {

    /// The other side of the socket.
    HttpPeer peer();

    Activity activity();

    void closeNow();

    /// Closes an idle socket gracefully: our half of TCP first.
    void finish();

    /// True once the socket's last response was written.
    boolean hasEnded();

    /// Something has happened that may bring a deadline forward.
    void checkSoon();
  }

  /// What a socket is busy with.
  public interface Activity {

    /// True if the socket is open and its last response has been written.
    boolean isLingering();

    /// True if for at least `minNs` no request has been in progress and no response is on its way.
    boolean isIdle(long nowNs, long minNs);

    /// True if part of a request has arrived, at least `minNs` ago, and the rest has not.
    boolean isUnfinished(long nowNs, long minNs);

    /// True if the peer has never sent a request's head.
    boolean isStranger();
  }

  /// In access order, so that moving a member to the end allocates nothing. The values mean
  /// nothing.
  private final Map<Member, Boolean> members = new LinkedHashMap<>(16, 0.75f, true);

  private final TlsHandshakes handshakes;
  private final AsciiString keepAlive;
  private final Template template = new Template();
  private boolean isDraining;

  public HttpSockets(ServerOptions options) {
    this.handshakes = new TlsHandshakes(options.tls().handshakes(), options.laneCount());
    this.keepAlive = AsciiString.of("timeout=" + options.keepAliveSeconds());
  }

  /// The TLS handshakes of this lane.
  public TlsHandshakes handshakes() {
    return handshakes;
  }

  public void add(Member member) {
    members.put(member, Boolean.TRUE);
  }

  public void remove(Member member) {
    members.remove(member);
  }

  /// A request has arrived or was answered late: this member was used last.
  public void touch(Member member) {
    var _ = members.get(member);
  }

  /// The value of the `Keep-Alive` header.
  public AsciiString keepAlive() {
    return keepAlive;
  }

  /// For responses of this lane that keep their connection.
  public Template template() {
    return template;
  }

  /// From now on every response closes its connection.
  public void drain() {
    isDraining = true;
    members.keySet().forEach(Member::checkSoon);
  }

  public boolean isDraining() {
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
  public int closeOldest(int count, long nowNs, long minIdleNs) {
    List<Member> chosen = new ArrayList<>();
    choose(chosen, count * STRANGERS, member -> member.activity().isLingering());
    chosen.forEach(Member::closeNow); // which removes them
    List<Member> strangers = new ArrayList<>();
    int room = count * STRANGERS - chosen.size();
    choose(strangers, room, member -> isSlowStranger(member, nowNs, minIdleNs));
    strangers.forEach(
        member -> member.peer().end("open files ran short, and no request had arrived"));
    chosen.addAll(strangers);
    int before = chosen.size();
    choose(chosen, count, member -> member.activity().isIdle(nowNs, minIdleNs));
    choose(chosen, count, member -> member.activity().isUnfinished(nowNs, minIdleNs));
    chosen.subList(before, chosen.size()).forEach(Member::closeNow);
    return chosen.size();
  }

  private static boolean isSlowStranger(Member member, long nowNs, long minIdleNs) {
    Activity activity = member.activity();
    long idleNs = member.peer().isSecure() ? minIdleNs : Math.min(minIdleNs, STRANGER_NS);
    return activity.isStranger()
        && (activity.isIdle(nowNs, idleNs) || activity.isUnfinished(nowNs, idleNs));
  }

  /// Adds the oldest members that match, until `chosen` has `count`.
  private void choose(List<Member> chosen, int count, Predicate<Member> which) {
    for (Member member : members.keySet()) {
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
  public boolean finishIdle(long nowNs, long minIdleNs) {
    boolean isQuiet = true;
    for (Member member : List.copyOf(members.keySet())) {
      if (member.activity().isIdle(nowNs, minIdleNs)) {
        member.finish();
      }
      isQuiet &= member.hasEnded();
    }
    return isQuiet;
  }

  public int size() {
    return members.size();
  }
}
