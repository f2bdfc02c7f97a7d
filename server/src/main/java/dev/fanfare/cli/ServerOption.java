package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The running server that a command connects to, and the app it connects as, from the
/// configuration or flags.
final class ServerOption {

  @Mixin private PlaceOption place = new PlaceOption();

  @Option(
      names = "--app",
      paramLabel = "ID",
      description = "The app's id, if several are configured.")
  private @Nullable String appId;

  /// A client for the chosen server and app.
  ApiClient choose(ConfigReader reader) {
    Config config = place.configuration(reader);
    List<App> apps =
        config.apps().stream().filter(app -> appId == null || app.id().equals(appId)).toList();
    check(config, apps);
    return new ApiClient(place.choose(config), apps.getFirst(), InstantSource.system());
  }

  private void check(Config config, List<App> apps) {
    String ids = config.apps().stream().map(App::id).collect(Collectors.joining(", "));
    if (config.apps().isEmpty()) {
      throw CommandError.usage(
          "No app is configured, so there are no credentials for the server. Use the --config or"
              + " the FANFARE_… variables that the server was started with.");
    }
    if (apps.isEmpty()) {
      throw CommandError.usage("No app " + appId + " is configured, only " + ids + ".");
    }
    if (apps.size() > 1) {
      throw CommandError.usage("Several apps are configured; choose one with --app: " + ids + ".");
    }
    if (place.isConfigured() && config.server().tls().only()) {
      throw CommandError.usage(
          "The configured server refuses plain text (tls_only); add --url https://… with a name of"
              + " its certificate.");
    }
  }
}
