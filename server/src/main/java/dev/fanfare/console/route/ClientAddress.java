package dev.fanfare.console.route;

import java.net.InetSocketAddress;
import java.util.List;

/// Finds out who sends a request: the peer, or the client that a trusted proxy names.
@FunctionalInterface
public interface ClientAddress {

  /// The address without a port.
  ///
  /// @param peer the other end of the connection
  /// @param forwarded the values of `X-Forwarded-For`, in the order of its lines
  String of(InetSocketAddress peer, List<String> forwarded);
}
