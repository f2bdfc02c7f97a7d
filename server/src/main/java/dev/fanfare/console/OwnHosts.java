package dev.fanfare.console;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The names that the console is reached by. A page on the Internet can have its name resolve to
/// this machine, but not its requests name one of these.
final class OwnHosts {

  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Pattern SCHEME = Pattern.compile("^https?://");

  private final Set<String> names;

  /// What a proxy calls the console; empty for nothing.
  private final String url;

  /// @param host that is listened on
  /// @param url what a proxy calls the console; empty for nothing
  OwnHosts(String host, String url) {
    this.url = url.toLowerCase(Locale.ROOT).replaceFirst("/$", "");
    String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    this.names =
        Set.copyOf(
            Stream.of(
                    "localhost",
                    "127.0.0.1",
                    "[::1]",
                    bracketed.toLowerCase(Locale.ROOT),
                    bare(authority(this.url)))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList());
  }

  /// True if the header `Host` names one of them.
  boolean has(@Nullable String host) {
    return host != null && names.contains(bare(host.toLowerCase(Locale.ROOT)));
  }

  private static String bare(String host) {
    return PORT.matcher(host).replaceFirst("");
  }

  private static String authority(String url) {
    return SCHEME.matcher(url).replaceFirst("");
  }

  /// True if pages of that origin are ours.
  ///
  /// @param host the header of the request, which was checked
  boolean isOrigin(String origin, @Nullable String host) {
    return SCHEME.matcher(origin).find()
        && (authority(origin).equalsIgnoreCase(host) || origin.equalsIgnoreCase(url));
  }
}
