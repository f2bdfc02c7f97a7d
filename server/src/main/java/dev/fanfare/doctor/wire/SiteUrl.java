package dev.fanfare.doctor.wire;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.UrlHost;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Parses the URL given by the user, and corrects common mistakes.
///
/// @param notices what was corrected or assumed, as sentences
public record SiteUrl(Site site, List<String> notices) {

  private static final int FANFARE_PORT = 6001;

  /// The site, or why the text is no valid URL.
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
      notices.add("Clients use " + (tls ? "wss" : "ws") + " where this URL has " + scheme + ".");
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
      return port; // the usual form
    }
    notices.add(
        "The port is missing, so "
            + port
            + " is used; Fanfare itself listens on "
            + FANFARE_PORT
            + " by default.");
    return port;
  }

  /// The path before `/app/KEY`, which client libraries add themselves.
  private static String prefix(URI uri, List<String> notices) {
    String path = uri.getRawPath().replaceFirst("/+$", "");
    int app = (path + "/").indexOf("/app/");
    if (app >= 0) {
      notices.add("Clients add /app/… themselves; that part of the URL is ignored.");
      path = path.substring(0, app);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      notices.add("The query is ignored; clients send their own parameters.");
    }
    return path;
  }
}
