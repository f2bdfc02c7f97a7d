package dev.fanfare.cli.banner;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.ServerOptions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the server can be reached.
///
/// @param bound the address it listens on, as configured
/// @param port the port that it actually listens on
/// @param prefix path prefix, or empty
/// @param certified the name in the server's certificate, empty if it has none; null without TLS
public record Address(String bound, int port, String prefix, @Nullable String certified) {

  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

  /// Without TLS.
  public Address(String bound, int port, String prefix) {
    this(bound, port, prefix, null);
  }

  /// The address for programs on this machine, without TLS even if the server supports it: on one
  /// machine plain text is fine, and needs no name of the certificate.
  public static Address plain(ServerOptions options) {
    return new Address(options.host(), options.port(), options.pathPrefix());
  }

  /// The address for other programs: with TLS, if it is on.
  public static Address of(ServerOptions options, FanfareServer server) {
    Credentials certificate = server.certificate();
    return certificate == null
        ? new Address(options.host(), server.port(), options.pathPrefix())
        : new Address(
            options.host(), server.tlsPort(), options.pathPrefix(), certificate.hostName());
  }

  public boolean isSecure() {
    return certified != null;
  }

  /// True if it listens on every address of the machine.
  public boolean isEverywhere() {
    return EVERYWHERE.contains(bound);
  }

  /// A host name for programs on this machine. With TLS it is the name in the certificate: programs
  /// refuse to connect to any other.
  public String host() {
    if (certified != null && !certified.isEmpty()) {
      return certified;
    }
    if (isEverywhere()) {
      return "localhost";
    }
    return bound.contains(":") && !bound.startsWith("[") ? "[" + bound + "]" : bound;
  }

  /// `http://localhost:6001/prefix`, or with `https`.
  public String url() {
    return (isSecure() ? "https://" : "http://") + host() + ":" + port + prefix;
  }
}
