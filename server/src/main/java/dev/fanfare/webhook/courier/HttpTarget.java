package dev.fanfare.webhook.courier;

import dev.fanfare.protocol.UrlHost;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;

/// Starts requests of the JDK's HTTP client, which refuses host names that [URI] does not read,
/// such as `laravel_app`. Those are resolved here; the request goes to the address and names the
/// host in its Host header.
public final class HttpTarget {

  private static final String ALLOWED = "jdk.httpclient.allowRestrictedHeaders";

  static {
    // The client reads this when it is loaded; without it, it refuses to send our Host header.
    if (System.getProperty(ALLOWED) == null) {
      System.setProperty(ALLOWED, "host");
    }
  }

  private HttpTarget() {}

  /// A client that may send these requests. Every client must come from here: the first one decides
  /// for the whole process.
  public static HttpClient.Builder client() {
    return HttpClient.newBuilder();
  }

  /// A request to `url`, which has a host. Blocks while the name is resolved, if it has to be here;
  /// a name that cannot be resolved makes the request fail as with the client's own.
  public static HttpRequest.Builder request(URI url) {
    UrlHost host = url.getHost() == null ? UrlHost.of(url) : null;
    if (host == null) {
      return HttpRequest.newBuilder(url);
    }
    String authority = url.getRawAuthority();
    String rest = url.toString().substring(url.toString().indexOf(authority) + authority.length());
    String port = host.port() < 0 ? "" : ":" + host.port();
    URI resolved = URI.create(url.getScheme() + "://" + address(host.host()) + port + rest);
    return HttpRequest.newBuilder(resolved).setHeader("Host", host.host() + port);
  }

  private static String address(String name) {
    try {
      InetAddress address = InetAddress.getByName(name);
      return address instanceof Inet6Address
          ? "[" + address.getHostAddress().replaceFirst("%.*", "") + "]"
          : address.getHostAddress();
    } catch (UnknownHostException e) {
      return "unknown-host.invalid"; // a name that never resolves: the client reports it
    }
  }
}
