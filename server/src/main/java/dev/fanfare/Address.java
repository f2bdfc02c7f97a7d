package dev.fanfare;

import dev.fanfare.transport.ServerOptions;
import java.util.Set;

/// Where the server can be reached.
///
/// @param bound the address it listens on, as configured
/// @param port the port it really listens on
/// @param prefix path before everything, or empty
record Address(String bound, int port, String prefix) {

  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

  Address(ServerOptions options, int port) {
    this(options.host(), port, options.pathPrefix());
  }

  /// True if it listens on every address of the machine.
  boolean isEverywhere() {
    return EVERYWHERE.contains(bound);
  }

  /// A host name for programs on this machine.
  String host() {
    if (isEverywhere()) {
      return "localhost";
    }
    return bound.contains(":") && !bound.startsWith("[") ? "[" + bound + "]" : bound;
  }

  /// `http://localhost:6001/prefix`.
  String url() {
    return "http://" + host() + ":" + port + prefix;
  }
}
