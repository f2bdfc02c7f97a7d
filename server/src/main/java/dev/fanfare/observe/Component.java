package dev.fanfare.observe;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of the server that write log lines, under names that stay the same when classes are
/// renamed. `docs/logs.md` lists them.
public enum Component {
  /// Requests of the HTTP API.
  API,
  /// Apps in a database.
  APPS,
  /// Subscriptions and events.
  CHANNELS,
  /// Other nodes, and the bus between them.
  CLUSTER,
  /// Configuration: at the start and when it is reloaded.
  CONFIG,
  /// Sockets and WebSocket connections, from the handshake to the close.
  CONNECTIONS,
  /// Who has logged in to the console, and what they have changed.
  AUDIT,
  /// The console's port.
  CONSOLE,
  /// The metrics port.
  METRICS,
  /// Start, shutdown, readiness and housekeeping.
  SERVER,
  /// Certificates.
  TLS,
  /// Webhook delivery and the outbox.
  WEBHOOKS;

  /// What all logger names of this server begin with. Log lines leave it out.
  public static final String PREFIX = "dev.fanfare.";

  /// The component's logger, `dev.fanfare.api` for example.
  public Logger logger() {
    return LoggerFactory.getLogger(PREFIX + lowerCase());
  }

  /// The name in log lines: `api`.
  public String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }
}
