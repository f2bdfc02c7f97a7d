package dev.fanfare.redis;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.SocketAddressResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// Carries datagrams by PUBLISH and SUBSCRIBE, on one connection each.
///
/// Of several URLs, which are a Redis Cluster, each attempt uses the next one: the cluster forwards
/// what is published at any of its nodes to all.
public final class RedisWire extends EngineWire {

  // Lettuce's minimum.
  private static final int THREADS = 2;
  private static final int MAX_DATAGRAM_BYTES = 16 << 20;
  private static final int RELEASE_SECONDS = 1;

  /// How long the threads outlive the links: Lettuce examines each connection once its time is
  /// over, even a refused one, and logs a stack trace if its threads have ended by then.
  private static final long KEPT_SECONDS = 1 + RedisSettings.TIMEOUT.toSeconds();

  static {
    // Its first choice, which asks for memory that containers seldom allow.
    System.setProperty("io.lettuce.core.iouring", "false");
  }

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisSettings settings;
  private int next;

  /// A wire that is not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#REDIS], with one URL at least
  public RedisWire(EngineOptions options) {
    super(options);
    settings = new RedisSettings(options);
    ThreadFactory threads = Thread.ofPlatform().daemon().name("fanfare-wire-", 1).factory();
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .threadFactoryProvider(_ -> threads)
            // Like the rest of the server, and not like Netty, which reads resolv.conf itself
            .socketAddressResolver(SocketAddressResolver.create(InetAddress::getAllByName))
            .build();
    client = RedisClient.create(resources);
  }

  @Override
  protected Link connect(String toAll, String toThis, Events events)
      throws IOException, InterruptedException {
    EngineUrl url = options().urls().get(next);
    next = (next + 1) % options().urls().size();
    ClientOptions clientOptions = settings.client(url);
    client.setOptions(clientOptions);
    RedisURI uri = settings.uri(url);
    Duration patience = RedisSettings.TIMEOUT.multipliedBy(1 + 2L * url.hosts().size());
    return RedisLink.connect(client, uri, url, patience, List.of(toAll, toThis), events);
  }

  @Override
  protected void release() {
    // The links are closed, and threads are daemons: a process that exits does not wait for this.
    CompletableFuture.delayedExecutor(KEPT_SECONDS, TimeUnit.SECONDS)
        .execute(() -> {
          client.shutdown(0, RELEASE_SECONDS, TimeUnit.SECONDS);
          var _ = resources.shutdown(0, RELEASE_SECONDS, TimeUnit.SECONDS);
        });
  }

  @Override
  protected String channel(String... parts) {
    return String.join(":", parts);
  }

  @Override
  public int maxDatagramBytes() {
    return MAX_DATAGRAM_BYTES;
  }
}
