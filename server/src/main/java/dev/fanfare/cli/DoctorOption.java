package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.cli.banner.Address;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.value.Unfilled;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.SiteUrl;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.UrlHost;
import dev.fanfare.transport.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/// What `fanfare doctor` examines, and how: flags, and the configuration where they are missing.
final class DoctorOption {

  /// What was chosen.
  ///
  /// @param upstream `host:port` of the server, as a proxy sees it
  /// @param activitySeconds the configured one
  record Patient(DoctorOptions options, String upstream, int activitySeconds) {}

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's YAML file. Default: $FANFARE_CONFIG, or none.")
  private @Nullable Path file;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "URL that clients connect to, such as wss://example.com. Default: the configured port."
              + " With --bus: those of two nodes, to send events from each to the other.")
  private List<String> urls = List.of();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The app's key. Default: the first configured app's.")
  private @Nullable String key;

  @Option(
      names = "--app-id",
      paramLabel = "ID",
      description = "The app's id. Default: the configured one.")
  private @Nullable String appId;

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description = "The app's secret. Other users of this machine can see it in the process list.")
  private @Nullable String secret;

  @Option(names = "--secret-file", paramLabel = "FILE", description = "File with the secret.")
  private @Nullable Path secretFile;

  @Option(
      names = "--secret-variable",
      paramLabel = "NAME",
      description = "Environment variable with the secret.")
  private @Nullable String secretVariable;

  @Option(
      names = "--auth-endpoint",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "The application's auth endpoint, to request a signature from.")
  private @Nullable URI endpoint;

  @Option(
      names = "--auth-channel",
      paramLabel = "NAME",
      description = "Private channel to request it for. Default: one that no application knows.")
  private @Nullable String channel;

  @Option(
      names = "--header",
      paramLabel = "LINE",
      description = "Header for the auth endpoint, 'Name: value', such as a cookie; repeatable.")
  private List<String> headers = List.of();

  @Option(
      names = "--origin",
      paramLabel = "ORIGIN",
      description = "Origin header of the connection, such as https://example.com.")
  private @Nullable String origin;

  @Option(
      names = "--host-header",
      paramLabel = "HOST",
      description =
          "Host name to request instead of the URL's: for a proxy without a DNS name yet.")
  private @Nullable String hostHeader;

  @Option(names = "--insecure", description = "Continue even if the certificate is invalid.")
  private boolean insecure;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM file with the only certificates to trust.")
  private @Nullable Path ca;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = TimeLimit.class,
      description = "Time limit of a step, such as 500ms. Default: 5s.")
  private Duration timeout = Duration.ofSeconds(5);

  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Hold an idle connection for this many seconds. Default: 0 (skip).")
  private int idle;

  @Option(
      names = "--history-channel",
      paramLabel = "NAME",
      description =
          "Channel for the step confirmation, covered by a rule for history; its subscribers"
              + " receive two events. Default: one that no client knows.")
  private @Nullable String historyChannel;

  @Option(
      names = "--upstream",
      paramLabel = "HOST:PORT",
      description =
          "Address of the server as a proxy sees it, for the configuration block. Default: as"
              + " configured.")
  private @Nullable String upstream;

  /// The whole configuration.
  Config config(ConfigReader reader) {
    return CommandError.require(reader.read(file, Map.of()));
  }

  /// For each step.
  Duration timeout() {
    return timeout;
  }

  /// @param examines false if no credentials are needed
  Patient choose(ConfigReader reader, Map<String, String> environment, boolean examines) {
    if (urls.size() > 1) {
      throw CommandError.usage("--url may be given twice only with --bus.");
    }
    Config config = config(reader);
    ServerOptions server = config.server();
    SiteUrl site = site(server, urls.isEmpty() ? null : urls.getFirst());
    DoctorOptions options =
        options(site, examines ? credentials(config.apps(), environment) : AppCredentials.NONE);
    Address address = Address.plain(server);
    String here = (address.isEverywhere() ? "127.0.0.1" : address.host()) + ":" + address.port();
    return new Patient(
        options, upstream == null ? here : upstream, server.activityTimeoutSeconds());
  }

  /// The options for each of two URLs; empty if none is given.
  List<DoctorOptions> pair(ConfigReader reader, Map<String, String> environment) {
    if (urls.isEmpty()) {
      return List.of();
    }
    if (urls.size() != 2) {
      throw CommandError.usage("With --bus, give the --url of two nodes, or none.");
    }
    Config config = config(reader);
    SiteUrl site = site(config.server(), urls.getFirst());
    DoctorOptions first = options(site, credentials(config.apps(), environment));
    return List.of(first, first.withUrl(site(config.server(), urls.getLast())));
  }

  private DoctorOptions options(SiteUrl site, AppCredentials credentials) {
    check();
    return DoctorOptions.of(site, credentials)
        .withTimeout(timeout)
        .withHostHeader(hostHeader)
        .withOrigin(origin)
        .withInsecure(insecure)
        .withCa(ca)
        .withIdleSeconds(idle)
        .withHistoryChannel(historyChannel)
        .withEndpoint(
            endpoint == null ? null : new DoctorOptions.Endpoint(endpoint, headers, channel));
  }

  private SiteUrl site(ServerOptions server, @Nullable String url) {
    if (url == null && server.port() == 0) {
      throw CommandError.usage("The configured port is 0 (any free one); add --url.");
    }
    String text = url == null ? Address.plain(server).url() : url;
    return switch (SiteUrl.parse(url == null ? text.replaceFirst("^http", "ws") : text)) {
      case Parsed.Ok<SiteUrl> ok -> ok.value();
      case Parsed.Bad<SiteUrl> bad -> throw CommandError.usage(bad.reason());
    };
  }

  /// Flags take precedence. A configured app completes them if it does not contradict them.
  private AppCredentials credentials(List<App> apps, Map<String, String> environment) {
    App app =
        apps.stream()
            .filter(each -> (key == null || key.equals(each.key())))
            .filter(each -> key != null || appId == null || appId.equals(each.id()))
            .findFirst()
            .orElse(null);
    String wantedKey = key != null ? key : app == null ? null : app.key();
    if (wantedKey == null) {
      if (appId == null && secret == null && secretFile == null && secretVariable == null) {
        return AppCredentials.NONE;
      }
      throw CommandError.usage(
          appId == null
              ? "No app is configured; add --key."
              : "No app " + appId + " is configured; add --key.");
    }
    if (!wantedKey.matches("[\\x21-\\x7e]+")) {
      throw CommandError.usage("--key has characters that are not allowed in a URL.");
    }
    String id = appId != null ? appId : app == null ? null : app.id();
    Secret given = secret(environment);
    return new AppCredentials(
        id, wantedKey, given != null ? given : app == null ? null : app.secret());
  }

  private @Nullable Secret secret(Map<String, String> environment) {
    if (secretFile != null) {
      try {
        return secret("--secret-file " + secretFile, Files.readString(secretFile).strip());
      } catch (IOException e) {
        throw CommandError.usage("--secret-file " + secretFile + " cannot be read.");
      }
    }
    if (secretVariable != null) {
      String value = environment.get(secretVariable);
      if (value == null) {
        throw CommandError.usage("--secret-variable: there is no such variable.");
      }
      return secret("--secret-variable " + secretVariable, value);
    }
    return secret == null ? null : secret("--secret", secret);
  }

  private static Secret secret(String name, String text) {
    if (Unfilled.checkResolved(text) instanceof Parsed.Bad(String fault)) {
      throw CommandError.usage(name + " " + fault + ".");
    }
    return new Secret(text);
  }

  private void check() {
    if (idle < 0 || idle > 86_400) {
      throw CommandError.usage("--idle is " + idle + ", but must be 0 to 86400 seconds.");
    }
    if (ca != null && !Files.isReadable(ca)) {
      throw CommandError.usage("--ca " + ca + " cannot be read.");
    }
    for (String line : headers) {
      if (!line.matches("[A-Za-z0-9-]+: ?[\\x20-\\x7e]*")) {
        throw CommandError.usage("A --header must look like 'Name: value'.");
      }
    }
    for (String text : new String[] {hostHeader, origin}) {
      if (text != null && !text.matches("[\\x21-\\x7e]+")) {
        throw CommandError.usage("--host-header and --origin must not contain spaces.");
      }
    }
  }

  /// Reads the time limit of a step, `5s`, `5` or `500ms`.
  static final class TimeLimit implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String given) {
      String text = given.strip();
      boolean isMs = text.endsWith("ms");
      String number = text.replaceFirst("(ms|s)$", "");
      if (!number.matches("\\d{1,7}") || Long.parseLong(number) == 0) {
        throw CommandError.usage("--timeout is \"" + given + "\", but must look like 5s or 500ms.");
      }
      long value = Long.parseLong(number);
      return isMs ? Duration.ofMillis(value) : Duration.ofSeconds(value);
    }
  }

  /// Reads the URL of an auth endpoint.
  static final class UrlConverter implements ITypeConverter<URI> {

    @Override
    public URI convert(String text) {
      try {
        URI uri = URI.create(text);
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (isHttp && UrlHost.of(uri) != null) {
          return uri;
        }
      } catch (IllegalArgumentException e) {
        // the sentence below says it
      }
      throw CommandError.usage(
          "--auth-endpoint is \"" + text + "\", but must look like https://example.com/auth.");
    }
  }
}
