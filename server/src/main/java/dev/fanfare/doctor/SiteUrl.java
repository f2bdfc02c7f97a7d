package dev.fanfare.doctor;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.UrlHost;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads the URL that a person gave, also with the mistakes that people make.
///
/// @param notices what was corrected or taken for granted, as sentences
public record SiteUrl(Site site, List<String> notices) {

  private static final int FANFARE_PORT = 6001;

  /// The site, or why there is none in it.
  public static Parsed<SiteUrl> parse(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      return bad(text);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean known = List.of("ws", "wss", "http", "https").contains(scheme);
    UrlHost host = UrlHost.of(uri);
    if (!known || host == null) {
      return bad(text);
    }
    List<String> notices = new ArrayList<>();
    boolean tls = scheme.endsWith("s") && !scheme.equals("ws");
    if (scheme.startsWith("http")) {
      notices.add("Clients say " + (tls ? "wss" : "ws") + " where this URL says " + scheme + ".");
    }
    int port = host.port() < 0 ? defaultPort(tls, notices) : host.port();
    String prefix = prefix(uri, notices);
    Site site = new Site(tls, host.bareHost(), port, prefix);
    return new Parsed.Ok<>(new SiteUrl(site, List.copyOf(notices)));
  }

  private static Parsed<SiteUrl> bad(String text) {
    return new Parsed.Bad<>(
        "--url is \"" + text + "\", but must look like wss://example.com or ws://localhost:6001.");
  }

  private static int defaultPort(boolean tls, List<String> notices) {
    int port = Site.defaultPort(tls);
    if (tls) {
      return port; // as everybody writes it
    }
    notices.add(
        "The port is missing, so it is "
            + port
            + "; Fanfare itself listens on "
            + FANFARE_PORT
            + " unless it is configured otherwise.");
    return port;
  }

  /// What stands before `/app/KEY`, which client libraries add themselves.
  private static String prefix(URI uri, List<String> notices) {
    String path = uri.getRawPath().replaceFirst("/+$", "");
    int app = (path + "/").indexOf("/app/");
    if (app >= 0) {
      notices.add(
          "The URL ends before /app/…, which clients add themselves; that part is left out.");
      path = path.substring(0, app);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      notices.add("What follows the path is left out; clients send their own parameters.");
    }
    return path;
  }
}
