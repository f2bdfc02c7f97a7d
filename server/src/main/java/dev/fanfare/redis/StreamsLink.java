package dev.fanfare.redis;

import dev.fanfare.bus.EngineUrl;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection to one master, or one to each master of a Redis Cluster, which knows the scripts.
///
/// @param cluster null unless it is a Redis Cluster
/// @param ending completed with the reason when it cannot be used any more
record StreamsLink(
    StatefulConnection<String, byte[]> connection,
    RedisClusterAsyncCommands<String, byte[]> commands,
    @Nullable RedisClusterClient cluster,
    CompletableFuture<String> ending) {

  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private static final String NO_CLUSTER = "cluster support disabled";

  /// Makes the connection. Blocks.
  static StreamsLink connect(
      RedisClient client, ClientResources resources, RedisURI uri, EngineUrl url, Duration patience)
      throws IOException, InterruptedException {
    StatefulRedisConnection<String, byte[]> one =
        RedisLink.finish(client.connectAsync(CODEC, uri), patience);
    StreamsLink made = null;
    boolean isDone = false;
    try {
      RedisLink.checkRole(RedisLink.finish(one.async().role(), patience));
      made = isCluster(one, patience) ? cluster(client, resources, uri, patience) : plain(one, url);
      for (StreamScript script : StreamScript.values()) {
        String _ = RedisLink.finish(made.commands.scriptLoad(script.source()), patience);
      }
      isDone = true;
      return made;
    } finally {
      if (!isDone && made != null) {
        made.close();
      }
      if (made == null || made.cluster != null) {
        one.closeAsync().orTimeout(1, TimeUnit.SECONDS).exceptionally(_ -> null).join();
      }
    }
  }

  private static boolean isCluster(
      StatefulRedisConnection<String, byte[]> connection, Duration patience)
      throws IOException, InterruptedException {
    try {
      String _ = RedisLink.finish(connection.async().clusterNodes(), patience);
      return true;
    } catch (IOException e) {
      if (e.getCause() instanceof ExecutionException failed
          && failed.getCause() instanceof RedisCommandExecutionException refusal
          && String.valueOf(refusal.getMessage()).contains(NO_CLUSTER)) {
        return false;
      }
      throw e;
    }
  }

  private static StreamsLink plain(
      StatefulRedisConnection<String, byte[]> connection, EngineUrl url) {
    CompletableFuture<String> ending = new CompletableFuture<>();
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> which) {
            var _ = ending.complete(url + " closed the connection");
          }
        });
    if (!connection.isOpen()) {
      var _ = ending.complete(url + " closed the connection");
    }
    return new StreamsLink(connection, connection.async(), null, ending);
  }

  private static StreamsLink cluster(
      RedisClient client, ClientResources resources, RedisURI uri, Duration patience)
      throws IOException, InterruptedException {
    RedisClusterClient cluster = RedisClusterClient.create(resources, uri);
    boolean isDone = false;
    try {
      cluster.setOptions(ClusterClientOptions.builder(client.getOptions()).build());
      var _ = cluster.getPartitions(); // makes them known
      StatefulRedisClusterConnection<String, byte[]> connection =
          RedisLink.finish(cluster.connectAsync(CODEC), patience);
      isDone = true;
      return new StreamsLink(connection, connection.async(), cluster, new CompletableFuture<>());
    } finally {
      if (!isDone) {
        var _ = cluster.shutdownAsync(0, 1, TimeUnit.SECONDS);
      }
    }
  }

  /// It cannot be used any more.
  void end(String reason) {
    var _ = ending.complete(reason);
  }

  /// Closes it. Blocks for a second at most.
  void close() {
    end("closed");
    CompletableFuture<Void> closing = connection.closeAsync();
    CompletableFuture<Void> all =
        cluster == null
            ? closing
            : closing.thenCompose(_ -> cluster.shutdownAsync(0, 1, TimeUnit.SECONDS));
    all.exceptionally(_ -> null).completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
  }
}
