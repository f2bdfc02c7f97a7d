package dev.fanfare.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the other side is, as far as it can be believed.
///
/// @param ip null if the socket has no such address
/// @param port 0 if a proxy did not tell it
record Remote(@Nullable Ip ip, int port) {

  /// The other end of a socket.
  static Remote of(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? new Remote(Ip.of(inet.getAddress()), inet.getPort())
        : new Remote(null, 0);
  }

  boolean isAmong(List<Network> networks) {
    return Network.anyContains(networks, ip);
  }

  /// Who asked, if this is who sent the request: the right-most address of `X-Forwarded-For` that
  /// is no trusted proxy. Each proxy appends whom it heard; so what stands left of an untrusted
  /// address was written by that address, and may be a lie.
  ///
  /// @param forwarded the values of the header, in the order of its lines
  Remote behind(List<Network> trusted, List<String> forwarded) {
    if (!isAmong(trusted)) {
      return this;
    }
    List<String> hops =
        Arrays.stream(String.join(",", forwarded).split(",", -1))
            .map(String::strip)
            .filter(hop -> !hop.isEmpty()) // RFC 9110 section 5.6.1
            .toList();
    Remote known = this;
    for (int i = hops.size() - 1; i >= 0 && known.isAmong(trusted); i--) {
      Ip hop = hop(hops.get(i));
      if (hop == null) {
        return known;
      }
      known = new Remote(hop, 0);
    }
    return known;
  }

  /// Some proxies write the port too: `192.0.2.1:443`, `[2001:db8::1]:443`.
  private static @Nullable Ip hop(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    return Ip.parse(hasPort ? text.substring(0, colon) : text);
  }

  @Override
  public String toString() {
    if (ip == null) {
      return "an unknown address";
    }
    if (port == 0) {
      return ip.toString();
    }
    return (ip.isV4() ? ip.toString() : "[" + ip + "]") + ":" + port;
  }
}
