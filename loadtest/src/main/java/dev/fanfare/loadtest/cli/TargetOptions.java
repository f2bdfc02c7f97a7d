package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.plan.TargetBuilder;
import picocli.CommandLine.Option;

/// Options that name the server.
@SuppressWarnings("NullAway.Init") // picocli sets them
final class TargetOptions {

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The server's host. Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6001",
      description = "The server's port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--app-id",
      paramLabel = "ID",
      defaultValue = "app-id",
      description = "The id of the app. Default: ${DEFAULT-VALUE}.")
  private String appId;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "app-key",
      description = "The app's key. Default: ${DEFAULT-VALUE}.")
  private String key;

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      defaultValue = "app-secret",
      description = "The app's secret. Default: ${DEFAULT-VALUE}.")
  private String secret;

  @Option(names = "--tls", description = "Connect with wss:// and https://.")
  private boolean tls;

  @Option(names = "--insecure", description = "With --tls: accept any certificate.")
  private boolean insecure;

  @Option(
      names = "--i-own-this-server",
      description = "Allow addresses other than loopback. Load only servers that are yours.")
  private boolean owned;

  /// The target; throws a refusal if it is not a loopback address and not declared as owned.
  Target target() {
    return at(host, port);
  }

  /// The same app on another address.
  Target at(String otherHost, int otherPort) {
    Target target =
        TargetBuilder.builder()
            .host(otherHost)
            .port(otherPort)
            .tls(tls)
            .insecure(insecure)
            .appId(appId)
            .key(key)
            .secret(secret)
            .build();
    target.requireOwned(owned);
    return target;
  }
}
