package dev.fanfare.cli;

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

/// The location of the running server that a command connects to, from a flag or the configuration.
final class PlaceOption {

  /// The location, or why it is unknown.
  sealed interface Choice {
    record Good(URI url) implements Choice {}

    /// Why it is unknown.
    ///
    /// @param text whole lines
    record Bad(String text) implements Choice {}
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's YAML file. Default: $FANFARE_CONFIG, or none.")
  private @Nullable Path file;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "URL of the server. Default: the configured port on this machine.")
  private @Nullable String url;

  /// The server's configuration, for commands that need more than its location.
  Reading configuration(ConfigReader reader) {
    return reader.read(file, Map.of());
  }

  /// The location; a configuration is read only if no flag sets it.
  Choice choose(ConfigReader reader) {
    if (url != null) {
      return flag(url);
    }
    return switch (configuration(reader)) {
      case Reading.Bad bad -> new Choice.Bad(bad.text());
      case Reading.Good good -> choose(good.config());
    };
  }

  /// The location, from a configuration that was already read.
  Choice choose(Config config) {
    if (url != null) {
      return flag(url);
    }
    ServerOptions server = config.server();
    if (server.port() == 0) {
      return new Choice.Bad("The configured port is 0 (any free one); add --url.\n");
    }
    return new Choice.Good(URI.create(Address.plain(server).url()));
  }

  /// True if no flag sets the location.
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
