package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.cli.banner.Address;
import dev.fanfare.cli.console.ConsoleClient;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.console.ConsoleOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
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
    App app = app(config, appId);
    if (place.isConfigured() && config.server().tls().only()) {
      throw CommandError.usage(
          "The configured server refuses plain text (tls_only); add --url https://… with a name of"
              + " its certificate.");
    }
    return new ApiClient(place.choose(config), app, InstantSource.system());
  }

  /// A client for the console of the chosen server.
  ///
  /// @param url of the console; null for the configured one
  /// @param isPlainFine it may be reached over a network without TLS
  ConsoleClient console(ConfigReader reader, @Nullable String url, boolean isPlainFine) {
    return console(place.configuration(reader), url, appId, isPlainFine);
  }

  private static ConsoleClient console(
      Config config, @Nullable String url, @Nullable String id, boolean isPlainFine) {
    App app = app(config, id);
    URI console = checked(consolePlace(config, url), isPlainFine);
    return new ConsoleClient(console, app, InstantSource.system());
  }

  /// Refuses what anybody on the network could read.
  static URI checked(URI console, boolean isPlainFine) {
    boolean isPlain = "http".equals(console.getScheme());
    if (isPlain && !isPlainFine && !isLoopback(console)) {
      throw CommandError.usage(
          "The console at "
              + console
              + " is on another machine and has no TLS: requests and answers would be readable on"
              + " the network. Use https://…, a tunnel (ssh -L), or add --insecure-plain.");
    }
    return console;
  }

  private static boolean isLoopback(URI console) {
    String host = console.getHost();
    InetAddress address = host == null ? null : new InetSocketAddress(host, 1).getAddress();
    return address != null && address.isLoopbackAddress();
  }

  /// The URL of the console.
  ///
  /// @param url from a flag; null for the configured one
  static URI consolePlace(Config config, @Nullable String url) {
    ConsoleOptions options = config.console();
    if (url == null && (!options.enabled() || options.port() == 0)) {
      throw CommandError.usage(
          options.enabled()
              ? "The configured console_port is 0 (any free one); add --url."
              : "The console is not enabled: set console: true in the configuration and restart the"
                  + " server.");
    }
    if (url != null) {
      return PlaceOption.flag(url);
    }
    if (!config.server().tls().isOn()) {
      return URI.create(new Address(options.host(), options.port(), "").url());
    }
    if (options.url().isEmpty()) {
      throw CommandError.usage(
          "The configured console has TLS; add --url https://… with a name of its certificate, or"
              + " set console_url.");
    }
    return URI.create(options.url());
  }

  /// The console that a command connects to, and the app it connects as.
  static final class OfConsole {

    @Mixin private PlaceOption.File file = new PlaceOption.File();

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "URL of the console. Default: the configured port on this machine.")
    private @Nullable String url;

    @Option(
        names = "--app",
        paramLabel = "ID",
        description = "The app's id, if several are configured.")
    private @Nullable String id;

    @Option(
        names = "--insecure-plain",
        description = "Allow a console on another machine without TLS.")
    private boolean isPlainFine;

    /// A client for the chosen console and app.
    ConsoleClient choose(ConfigReader reader) {
      return console(file.configuration(reader), url, id, isPlainFine);
    }
  }

  private static App app(Config config, @Nullable String appId) {
    List<App> apps =
        config.apps().stream().filter(app -> appId == null || app.id().equals(appId)).toList();
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
    return apps.getFirst();
  }
}
