package dev.fanfare.nats;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.EngineKeys;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/// Carries datagrams as messages of core NATS. Of several URLs, each attempt uses the next one: the
/// servers of a NATS cluster forward to each other.
public final class NatsWire extends EngineWire {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration PING = Duration.ofSeconds(5);

  /// Of datagrams that are not written to the socket yet.
  private static final int MAX_REQUESTS = 4_096;

  private int next;
  private volatile int maxDatagramBytes = 1 << 20; // the default of the engine

  /// A wire that is not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#NATS], with one URL at least
  public NatsWire(EngineOptions options) {
    super(options);
  }

  @Override
  protected Link connect(String toAll, String toThis, Events events)
      throws IOException, InterruptedException {
    EngineUrl url = options().urls().get(next);
    next = (next + 1) % options().urls().size();
    NatsEvents listener = new NatsEvents(url, events);
    NatsLink link = NatsLink.connect(() -> Nats.connect(settings(url, listener)), url, listener);
    maxDatagramBytes = link.subscribe(toAll, toThis, TIMEOUT, events);
    return link;
  }

  private Options settings(EngineUrl url, NatsEvents listener) throws IOException {
    Options.Builder builder =
        new Options.Builder()
            .server(url.scheme().text() + "://" + url.hosts().getFirst())
            .connectionName("fanfare")
            .hostnameResolveMode(
                Options.HostnameResolveMode.HappyEyeballs) // keeps the name, for TLS
            .ignoreDiscoveredServers()
            .noReconnect() // EngineWire makes new connections instead
            .connectionTimeout(TIMEOUT)
            .pingInterval(PING)
            .maxMessagesInOutgoingQueue(MAX_REQUESTS)
            .discardMessagesWhenOutgoingQueueFull()
            .connectionListener(listener)
            .errorListener(listener);
    Secret password = options().password(url);
    String user = options().user(url);
    if (password != null && user.isEmpty()) {
      builder.token(password.reveal().toCharArray());
    } else if (password != null) {
      builder.userInfo(user.toCharArray(), password.reveal().toCharArray());
    }
    if (url.scheme().isSecure()) {
      builder.sslContext(context());
    }
    return builder.build();
  }

  private SSLContext context() throws IOException {
    EngineOptions options = options();
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

  @Override
  protected void release() {
    // Each connection has separate threads, which end with it.
  }

  @Override
  protected String channel(String... parts) {
    return String.join(".", parts);
  }

  @Override
  public int maxDatagramBytes() {
    return maxDatagramBytes;
  }
}
