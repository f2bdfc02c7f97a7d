package dev.fanfare.redis;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.EngineKeys;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.SocketAddressResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The settings of the engine as Lettuce spells them.
record RedisSettings(EngineOptions options) {

  /// For connecting, for logging in, and for each command whose answer is awaited. A master that
  /// does not answer to datagrams is noticed by the nodes: they do not hear themselves.
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final int MAX_REQUESTS = 4_096;

  // Lettuce's minimum.
  private static final int THREADS = 2;
  private static final int RELEASE_SECONDS = 1;

  /// How long the threads outlive the links: Lettuce examines each connection once its time is
  /// over, even a refused one, and logs a stack trace if its threads have ended by then.
  private static final long KEPT_SECONDS = 1 + TIMEOUT.toSeconds();

  static {
    // Its first choice, which asks for memory that containers seldom allow.
    System.setProperty("io.lettuce.core.iouring", "false");
  }

  /// Threads and what else clients need.
  ///
  /// @param prefix of the names of the threads
  static ClientResources resources(String prefix) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name(prefix, 1).factory();
    return ClientResources.builder()
        .ioThreadPoolSize(THREADS)
        .computationThreadPoolSize(THREADS)
        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
        .threadFactoryProvider(_ -> threads)
        // Like the rest of the server, and not like Netty, which reads resolv.conf itself
        .socketAddressResolver(SocketAddressResolver.create(InetAddress::getAllByName))
        .build();
  }

  /// The links are closed, and threads are daemons: a process that exits does not wait for this.
  static void release(RedisClient client, ClientResources resources) {
    CompletableFuture.delayedExecutor(KEPT_SECONDS, TimeUnit.SECONDS)
        .execute(() -> {
          client.shutdown(0, RELEASE_SECONDS, TimeUnit.SECONDS);
          var _ = resources.shutdown(0, RELEASE_SECONDS, TimeUnit.SECONDS);
        });
  }

  /// The files of TLS are read for each attempt, so that renewed ones are used.
  ClientOptions client(EngineUrl url) throws IOException {
    ClientOptions.Builder builder =
        ClientOptions.builder()
            .autoReconnect(false) // EngineWire makes new connections instead
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MAX_REQUESTS)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create()) // a timer for each command is not needed
            .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).keepAlive(true).build());
    if (url.scheme().isSecure()) {
      builder.sslOptions(ssl());
    }
    return builder.build();
  }

  private SslOptions ssl() throws IOException {
    Parsed<EngineKeys> loaded =
        EngineKeys.load(options.ca(), options.certificate(), options.key(), Instant.now());
    return switch (loaded) {
      case Parsed.Bad(String reason) -> throw new IOException("a TLS file " + reason);
      case Parsed.Ok(EngineKeys keys) -> {
        SslOptions.Builder builder =
            SslOptions.builder()
                .jdkSslProvider()
                .handshakeTimeout(TIMEOUT)
                .trustManager(keys.trust());
        if (keys.keys() != null) {
          builder.keyManager(keys.keys());
        }
        yield builder.build();
      }
    };
  }

  RedisURI uri(EngineUrl url) {
    RedisURI.Builder builder = RedisURI.builder().withTimeout(TIMEOUT);
    EngineUrl.Host first = url.hosts().getFirst();
    if (url.scheme().isSentinel()) {
      builder.withSentinelMasterId(url.master());
      for (EngineUrl.Host host : url.hosts()) {
        builder.withSentinel(sentinel(host, url.scheme().isSecure()));
      }
    } else {
      builder.withHost(first.name()).withPort(first.port());
    }
    RedisURI uri = builder.withSsl(url.scheme().isSecure()).build();
    authenticate(uri, options.user(url), options.password(url));
    return uri;
  }

  private RedisURI sentinel(EngineUrl.Host host, boolean isSecure) {
    RedisURI uri =
        RedisURI.builder()
            .withHost(host.name())
            .withPort(host.port())
            .withSsl(isSecure)
            .withTimeout(TIMEOUT)
            .build();
    authenticate(uri, "", options.sentinelPassword());
    return uri;
  }

  private static void authenticate(RedisURI uri, String user, @Nullable Secret password) {
    if (password == null) {
      return;
    }
    if (user.isEmpty()) {
      uri.setAuthentication(password.reveal());
    } else {
      uri.setAuthentication(user, password.reveal());
    }
  }
}
