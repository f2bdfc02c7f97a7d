package dev.fanfare.transport.address;

import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The address of the peer, or of the client that a trusted proxy names.
///
/// @param ip null if the socket has no such address
/// @param port 0 if a proxy did not name it
public record Remote(@Nullable Ip ip, int port) {

  /// The peer of a socket.
  public static Remote of(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? new Remote(Ip.of(inet.getAddress()), inet.getPort())
        : new Remote(null, 0);
  }

  public boolean isAmong(List<Network> networks) {
    return Network.anyContains(networks, ip);
  }

  /// The client of a request that came from this address: the rightmost address of
  /// `X-Forwarded-For` that is not a trusted proxy. Each proxy appends its peer, so everything to
  /// the left of an untrusted address was written by that peer and may be forged.
  ///
  /// @param forwarded the values of the header, in the order of its lines
  public Remote behind(List<Network> trusted, List<String> forwarded) {
    if (!isAmong(trusted)) {
      return this;
    }
    List<String> hops =
        Arrays.stream(String.join(",", forwarded).split(",", -1))
            .map(String::strip)
            .filter(hop -> !hop.isEmpty()) // RFC 9110 section 5.6.1
            .toList();
    Remote client = this;
    for (int i = hops.size() - 1; i >= 0 && client.isAmong(trusted); i--) {
      Ip hop = hop(hops.get(i));
      if (hop == null) {
        return client;
      }
      client = new Remote(hop, 0);
    }
    return client;
  }

  /// The same, with the headers of a request.
  public Remote behind(List<Network> trusted, HttpRequest request) {
    return behind(trusted, request.headers().getAll("X-Forwarded-For"));
  }

  /// Some proxies add the port: `192.0.2.1:443`, `[2001:db8::1]:443`.
  private static @Nullable Ip hop(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    return Ip.parse(hasPort ? text.substring(0, colon) : text);
  }

  /// The address without a port.
  public String host() {
    return new Remote(ip, 0).toString();
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
