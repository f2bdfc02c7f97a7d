package dev.fanfare.loadtest.plan;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// The server under load and the app to use on it.
///
/// @param insecure with `tls`, accept any certificate
@RecordBuilder
public record Target(
    String host, int port, boolean tls, boolean insecure, String appId, String key, String secret)
    implements TargetBuilder.With {

  /// `HOST:PORT` as in a `Host` header.
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /// Resolves the host; throws a refusal with the reason if that fails.
  public InetSocketAddress address() {
    return new InetSocketAddress(inetAddress(), port);
  }

  /// Refuses an address other than loopback unless the user has declared the server as their own.
  public void requireOwned(boolean owned) {
    if (!owned && !inetAddress().isLoopbackAddress()) {
      throw Refusal.usage(
          "%s is not a loopback address. A load test can take a server down: test only your own, and"
                  .formatted(host)
              + " confirm that with --i-own-this-server.");
    }
  }

  private InetAddress inetAddress() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new Refusal("The host '" + host + "' is unknown.");
    }
  }
}
