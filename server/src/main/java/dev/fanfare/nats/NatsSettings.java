package dev.fanfare.nats;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.EngineKeys;
import io.nats.client.Options;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/// How each connection of a node to NATS is made.
final class NatsSettings {

  /// For a connection, and for an answer.
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final Duration PING = Duration.ofSeconds(5);

  /// Of messages that are not written to the socket yet.
  private static final int MAX_REQUESTS = 4_096;

  private NatsSettings() {}

  static Options of(EngineOptions options, EngineUrl url, NatsEvents listener) throws IOException {
    Options.Builder builder =
        new Options.Builder()
            .server(url.scheme().text() + "://" + url.hosts().getFirst())
            .connectionName("fanfare")
            // Answers come below the names that the user may subscribe to anyway.
            .inboxPrefix("fanfare." + options.cluster() + ".inbox.")
            .hostnameResolveMode(
                Options.HostnameResolveMode.HappyEyeballs) // keeps the name, for TLS
            .ignoreDiscoveredServers()
            .noReconnect() // new connections are made instead
            .connectionTimeout(TIMEOUT)
            .pingInterval(PING)
            .maxMessagesInOutgoingQueue(MAX_REQUESTS)
            .discardMessagesWhenOutgoingQueueFull()
            .connectionListener(listener)
            .errorListener(listener);
    Secret password = options.password(url);
    String user = options.user(url);
    if (password != null && user.isEmpty()) {
      builder.token(password.reveal().toCharArray());
    } else if (password != null) {
      builder.userInfo(user.toCharArray(), password.reveal().toCharArray());
    }
    if (url.scheme().isSecure()) {
      builder.sslContext(context(options));
    }
    return builder.build();
  }

  private static SSLContext context(EngineOptions options) throws IOException {
    return switch (EngineKeys.load(
        options.ca(), options.certificate(), options.key(), Instant.now())) {
      case Parsed.Bad(String reason) -> throw new IOException("a TLS file " + reason);
      case Parsed.Ok(EngineKeys keys) -> {
        try {
          yield keys.context();
        } catch (GeneralSecurityException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    };
  }
}
