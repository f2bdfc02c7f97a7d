package dev.fanfare;

import dev.fanfare.app.App;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which running server a command speaks to, and as which app: what a configuration says, or flags.
final class ServerOption {

  /// Which server and app were meant, or why nobody can tell.
  sealed interface Choice {
    record Good(ApiClient client) implements Choice {}

    record Bad(String text) implements Choice {}
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's YAML file; else $FANFARE_CONFIG, else none.")
  private @Nullable Path file;

  @Option(names = "--app", paramLabel = "ID", description = "The app, if several are configured.")
  private @Nullable String appId;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the server is; else the configured port on this machine.")
  private @Nullable String url;

  /// A client for what was chosen.
  Choice choose(ConfigReader reader) {
    return switch (reader.read(file, Map.of())) {
      case Reading.Bad bad -> new Choice.Bad(bad.text());
      case Reading.Good good -> choose(good.config());
    };
  }

  private Choice choose(Config config) {
    List<App> apps =
        config.apps().stream().filter(app -> appId == null || app.id().equals(appId)).toList();
    String problem = problem(config, apps);
    if (problem != null) {
      return new Choice.Bad(problem + "\n");
    }
    String place = url == null ? new Address(config.server(), config.server().port()).url() : url;
    ApiClient client = new ApiClient(URI.create(place), apps.getFirst(), InstantSource.system());
    return new Choice.Good(client);
  }

  private @Nullable String problem(Config config, List<App> apps) {
    String ids = config.apps().stream().map(App::id).collect(Collectors.joining(", "));
    if (config.apps().isEmpty()) {
      return "No app is configured, so there are no credentials to ask the server with. Give the"
          + " --config or the FANFARE_… variables that the server was started with.";
    }
    if (apps.isEmpty()) {
      return "No app " + appId + " is configured, only " + ids + ".";
    }
    if (apps.size() > 1) {
      return "Several apps are configured; choose one by --app: " + ids + ".";
    }
    if (url == null) {
      return config.server().port() == 0
          ? "The configured port is 0, any free one; say where the server is by --url."
          : null;
    }
    return isUrl(url)
        ? null
        : "--url is \"" + url + "\", but must look like http://localhost:6001.";
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
