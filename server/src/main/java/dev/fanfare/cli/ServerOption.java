package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The running server that a command connects to, and the app it connects as, from the
/// configuration or flags.
final class ServerOption {

  /// The chosen server and app, or why they are unknown.
  sealed interface Choice {
    record Good(ApiClient client) implements Choice {}

    record Bad(String text) implements Choice {}
  }

  @Mixin private PlaceOption place = new PlaceOption();

  @Option(
      names = "--app",
      paramLabel = "ID",
      description = "The app's id, if several are configured.")
  private @Nullable String appId;

  /// A client for the chosen server and app.
  Choice choose(ConfigReader reader) {
    return switch (place.configuration(reader)) {
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
    return switch (place.choose(config)) {
      case PlaceOption.Choice.Bad bad -> new Choice.Bad(bad.text());
      case PlaceOption.Choice.Good good ->
          new Choice.Good(new ApiClient(good.url(), apps.getFirst(), InstantSource.system()));
    };
  }

  private @Nullable String problem(Config config, List<App> apps) {
    String ids = config.apps().stream().map(App::id).collect(Collectors.joining(", "));
    if (config.apps().isEmpty()) {
      return "No app is configured, so there are no credentials for the server. Use the --config or"
          + " the FANFARE_… variables that the server was started with.";
    }
    if (apps.isEmpty()) {
      return "No app " + appId + " is configured, only " + ids + ".";
    }
    if (apps.size() > 1) {
      return "Several apps are configured; choose one with --app: " + ids + ".";
    }
    return place.isConfigured() && config.server().tls().only()
        ? "The configured server refuses plain text (tls_only); add --url https://… with a name of"
            + " its certificate."
        : null;
  }
}
