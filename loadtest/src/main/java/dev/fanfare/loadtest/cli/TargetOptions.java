package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Target;
import picocli.CommandLine.Option;

/// Options that name the server.
@SuppressWarnings("NullAway.Init") // picocli sets them
final class TargetOptions {

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(names = "--port", defaultValue = "6001", description = "Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--app-id",
      defaultValue = "app-id",
      description = "The app on that server. Default: ${DEFAULT-VALUE}.")
  private String appId;

  @Option(names = "--key", defaultValue = "app-key", description = "Default: ${DEFAULT-VALUE}.")
  private String key;

  @Option(
      names = "--secret",
      defaultValue = "app-secret",
      description = "Default: ${DEFAULT-VALUE}.")
  private String secret;

  @Option(names = "--tls", description = "Connect with wss:// and https://.")
  private boolean tls;

  @Option(names = "--insecure", description = "With --tls: accept any certificate.")
  private boolean insecure;

  @Option(
      names = "--i-own-this-server",
      description = "Allow a target that is not a loopback address. Load only what is yours.")
  private boolean owned;

  /// The target, or a refusal if it is somebody else's.
  Target target() {
    return at(host, port);
  }

  /// The same app on another address.
  Target at(String otherHost, int otherPort) {
    Target target = new Target(otherHost, otherPort, tls, insecure, appId, key, secret);
    target.requireOwned(owned);
    return target;
  }
}
