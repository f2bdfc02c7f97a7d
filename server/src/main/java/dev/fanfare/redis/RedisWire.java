package dev.fanfare.redis;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Carries datagrams by PUBLISH and SUBSCRIBE, on one connection each.
///
/// Of several URLs, which are a Redis Cluster, each attempt uses the next one: the cluster forwards
/// what is published at any of its nodes to all.
public final class RedisWire extends EngineWire {

  private static final int MAX_DATAGRAM_BYTES = 16 << 20;

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
    resources = RedisSettings.resources("fanfare-wire-");
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
    RedisSettings.release(client, resources);
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
