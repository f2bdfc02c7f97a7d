package dev.fanfare;

import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.protocol.UrlHost;
import dev.fanfare.transport.ServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the running server is that a command speaks to: what a flag or its configuration says.
final class PlaceOption {

  /// Where it is, or why nobody can tell.
  sealed interface Choice {
    record Good(URI url) implements Choice {}

    /// Why nobody can tell.
    ///
    /// @param text whole lines
    record Bad(String text) implements Choice {}
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's YAML file; else $FANFARE_CONFIG, else none.")
  private @Nullable Path file;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the server is; else the configured port on this machine.")
  private @Nullable String url;

  /// The server's configuration, for commands that need more of it than a place.
  Reading configuration(ConfigReader reader) {
    return reader.read(file, Map.of());
  }

  /// The place; a configuration is read only if no flag says it.
  Choice choose(ConfigReader reader) {
    if (url != null) {
      return flag(url);
    }
    return switch (configuration(reader)) {
      case Reading.Bad bad -> new Choice.Bad(bad.text());
      case Reading.Good good -> choose(good.config());
    };
  }

  /// The place, with a configuration that was read already.
  Choice choose(Config config) {
    if (url != null) {
      return flag(url);
    }
    ServerOptions server = config.server();
    if (server.port() == 0) {
      return new Choice.Bad(
          "The configured port is 0, any free one; say where the server is by --url.\n");
    }
    return new Choice.Good(URI.create(Address.plain(server).url()));
  }

  /// True if nobody said where the server is.
  boolean isConfigured() {
    return url == null;
  }

  private static Choice flag(String url) {
    return isUrl(url)
        ? new Choice.Good(URI.create(url))
        : new Choice.Bad("--url is \"" + url + "\", but must look like http://localhost:6001.\n");
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = URI.create(text);
      return UrlHost.of(uri) != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
