package dev.fanfare.cli;

import dev.fanfare.cli.banner.Address;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.protocol.UrlHost;
import dev.fanfare.transport.ServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The location of the running server that a command connects to, from a flag or the configuration.
final class PlaceOption {

  /// The server's file.
  static final class File {

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The server's YAML file. Default: $FANFARE_CONFIG, or none.")
    private @Nullable Path path;

    /// The server's configuration.
    Config configuration(ConfigReader reader) {
      return CommandError.require(reader.read(path, Map.of()));
    }
  }

  @Mixin private File file = new File();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "URL of the server. Default: the configured port on this machine.")
  private @Nullable String url;

  /// The server's configuration, for commands that need more than its location.
  Config configuration(ConfigReader reader) {
    return file.configuration(reader);
  }

  /// The location; a configuration is read only if no flag sets it.
  URI choose(ConfigReader reader) {
    return url == null ? choose(configuration(reader)) : flag(url);
  }

  /// The location, from a configuration that was already read.
  URI choose(Config config) {
    if (url != null) {
      return flag(url);
    }
    ServerOptions server = config.server();
    if (server.port() == 0) {
      throw CommandError.usage("The configured port is 0 (any free one); add --url.");
    }
    return URI.create(Address.plain(server).url());
  }

  /// True if no flag sets the location.
  boolean isConfigured() {
    return url == null;
  }

  /// The location that a flag sets.
  static URI flag(String url) {
    if (!isUrl(url)) {
      throw CommandError.usage(
          "--url is \"" + url + "\", but must look like http://localhost:6001.");
    }
    return URI.create(url);
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
