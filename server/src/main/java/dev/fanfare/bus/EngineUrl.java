package dev.fanfare.bus;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The URL of an engine: `redis://user:password@host:6379`, `redis-sentinel://host1,host2/MASTER`,
/// `nats://token@host`.
///
/// @param user empty if the URL has none
/// @param password for a NATS URL without a user, its token; null if the URL has none
/// @param hosts one, or several Sentinels
/// @param master the name that the Sentinels know; empty without Sentinel
public record EngineUrl(
    Scheme scheme, String user, @Nullable Secret password, List<Host> hosts, String master) {

  /// How to connect.
  public enum Scheme {
    REDIS("redis", 6379, false, false),
    REDIS_TLS("rediss", 6379, true, false),
    SENTINEL("redis-sentinel", 26379, false, true),
    SENTINEL_TLS("rediss-sentinel", 26379, true, true),
    NATS("nats", 4222, false, false),
    NATS_TLS("tls", 4222, true, false);

    private final String text;
    private final int port;
    private final boolean isSecure;
    private final boolean hasMaster;

    Scheme(String text, int port, boolean isSecure, boolean hasMaster) {
      this.text = text;
      this.port = port;
      this.isSecure = isSecure;
      this.hasMaster = hasMaster;
    }

    /// As in a URL.
    public String text() {
      return text;
    }

    public boolean isSecure() {
      return isSecure;
    }

    /// True if the hosts are Sentinels, which know the address of the master.
    public boolean isSentinel() {
      return hasMaster;
    }

    public EngineOptions.Kind kind() {
      return this == NATS || this == NATS_TLS ? EngineOptions.Kind.NATS : EngineOptions.Kind.REDIS;
    }
  }

  /// A server or a Sentinel.
  ///
  /// @param name a host name or an address, an IPv6 address without brackets
  public record Host(String name, int port) {

    @Override
    public String toString() {
      return (name.indexOf(':') < 0 ? name : '[' + name + ']') + ':' + port;
    }
  }

  private static final Pattern FORM =
      Pattern.compile("([a-z-]+)://(?:([^/@]*)@)?([^/@?#]+)(?:/([^/@?#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");
  private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern DATABASE = Pattern.compile("[0-9]*");
  private static final int MAX_PORT = 65_535;

  public EngineUrl {
    hosts = List.copyOf(hosts);
  }

  /// Reads a URL. A reason does not repeat it, because it may have a password.
  public static Parsed<EngineUrl> parse(String text) {
    Matcher url = FORM.matcher(text);
    if (!url.matches()) {
      return new Parsed.Bad<>("is not of the form SCHEME://HOST:PORT");
    }
    Scheme scheme = scheme(url.group(1));
    if (scheme == null) {
      return new Parsed.Bad<>("has an unknown scheme");
    }
    List<Host> hosts = new ArrayList<>();
    for (String part : url.group(3).split(",", -1)) {
      Host host = host(part, scheme.port);
      if (host == null) {
        return new Parsed.Bad<>("has a host or port that is not valid");
      }
      hosts.add(host);
    }
    if (hosts.size() > 1 && !scheme.isSentinel()) {
      return new Parsed.Bad<>("has several hosts, which only redis-sentinel:// may have");
    }
    String path = url.group(4) == null ? "" : url.group(4);
    if (scheme.isSentinel() && !MASTER.matcher(path).matches()) {
      return new Parsed.Bad<>("does not end with the name of the master: /MASTER");
    }
    if (!scheme.isSentinel() && !DATABASE.matcher(path).matches()) {
      return new Parsed.Bad<>("has a path");
    }
    String login = url.group(2) == null ? "" : url.group(2);
    int colon = login.indexOf(':');
    String user = colon < 0 ? "" : login.substring(0, colon);
    String password = login.substring(colon + 1);
    try {
      return new Parsed.Ok<>(
          new EngineUrl(
              scheme,
              decoded(user),
              password.isEmpty() ? null : new Secret(decoded(password)),
              hosts,
              scheme.isSentinel() ? path : ""));
    } catch (IllegalArgumentException e) {
      return new Parsed.Bad<>("has a % that no two hexadecimal digits follow");
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static @Nullable Scheme scheme(String text) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme.text.equals(text)) {
        return scheme;
      }
    }
    return null;
  }

  private static @Nullable Host host(String text, int standardPort) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      return null;
    }
    String name = host.group(1) == null ? host.group(2) : host.group(1);
    int port = host.group(3) == null ? standardPort : Integer.parseInt(host.group(3));
    return port == 0 || port > MAX_PORT ? null : new Host(name, port);
  }

  /// Scheme, hosts and ports, without user and password.
  @Override
  public String toString() {
    String text =
        hosts.stream()
            .map(Host::toString)
            .collect(Collectors.joining(",", scheme.text + "://", ""));
    return master.isEmpty() ? text : text + '/' + master;
  }
}
