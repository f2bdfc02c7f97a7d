package dev.fanfare.redis;

import dev.fanfare.bus.EngineTraits;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Two connections to one master: one publishes, the other is subscribed.
final class RedisLink implements EngineWire.Link {

  /// Of datagrams that Redis has not accepted yet; the link between two nodes has its own window.
  static final long MAX_PENDING_BYTES = 32L << 20;

  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

  private static final Pattern REDIS_VERSION = Pattern.compile("redis_version:(\\S+)");
  private static final Pattern VALKEY_VERSION = Pattern.compile("valkey_version:(\\S+)");
  private static final Pattern SUBSCRIBERS = Pattern.compile("pubsub (\\d+ \\d+ \\d+)");

  private final StatefulRedisConnection<String, byte[]> publishing;
  private final StatefulRedisPubSubConnection<String, byte[]> subscribed;
  private final EngineWire.Events events;
  private final AtomicLong pendingBytes = new AtomicLong();

  private RedisLink(
      StatefulRedisConnection<String, byte[]> publishing,
      StatefulRedisPubSubConnection<String, byte[]> subscribed,
      EngineWire.Events events) {
    this.events = events;
    this.publishing = publishing;
    this.subscribed = subscribed;
  }

  /// Makes both connections. Blocks.
  ///
  /// @param patience for each of them
  static RedisLink connect(
      RedisClient client,
      RedisURI uri,
      EngineUrl url,
      Duration patience,
      List<String> channels,
      EngineWire.Events events)
      throws IOException, InterruptedException {
    StatefulRedisConnection<String, byte[]> publishing = null;
    StatefulRedisPubSubConnection<String, byte[]> subscribed = null;
    boolean isDone = false;
    try {
      publishing = finish(client.connectAsync(CODEC, uri), patience);
      checkRole(finish(publishing.async().role(), patience));
      subscribed = finish(client.connectPubSubAsync(CODEC, uri), patience);
      checkRole(finish(subscribed.async().role(), patience));
      watch(publishing, url, events);
      watch(subscribed, url, events);
      subscribe(subscribed, channels, patience, events);
      isDone = true;
      return new RedisLink(publishing, subscribed, events);
    } finally {
      if (!isDone) {
        awaitClosed(close(publishing), close(subscribed));
      }
    }
  }

  private static void subscribe(
      StatefulRedisPubSubConnection<String, byte[]> connection,
      List<String> channels,
      Duration patience,
      EngineWire.Events events)
      throws IOException, InterruptedException {
    CountDownLatch missing = new CountDownLatch(channels.size());
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void subscribed(String channel, long count) {
            missing.countDown();
          }

          @Override
          public void message(String channel, byte[] datagram) {
            events.received(datagram);
          }
        });
    Void _ = finish(connection.async().subscribe(channels.toArray(String[]::new)), patience);
    if (!missing.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("SUBSCRIBE was not answered within " + patience.toSeconds() + " s");
    }
  }

  private static void watch(
      StatefulConnection<String, byte[]> connection, EngineUrl url, EngineWire.Events events)
      throws IOException {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> which) {
            events.lost(url + " closed the connection");
          }
        });
    if (!connection.isOpen()) {
      throw new IOException(url + " closed the connection");
    }
  }

  /// A replica hears what is published at its master, but what is published at the replica stays
  /// there.
  static void checkRole(List<Object> role) throws IOException {
    Object name = role.isEmpty() ? "" : role.getFirst();
    String text =
        name instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.US_ASCII)
            : String.valueOf(name);
    if (!text.equals("master")) {
      throw new IOException("it is no master: its role is " + text);
    }
  }

  /// The result of a command or of connecting.
  static <T> T finish(Future<T> future, Duration patience)
      throws IOException, InterruptedException {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(reason(e), e);
    } catch (TimeoutException e) {
      abandon(future);
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      abandon(future);
      throw e;
    }
  }

  /// Closes a connection that is made after all.
  private static void abandon(Future<?> future) {
    if (future instanceof ConnectionFuture<?> late) {
      var _ =
          late.thenAccept(made -> {
            if (made instanceof StatefulConnection<?, ?> connection) {
              var _ = close(connection);
            }
          });
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  @Override
  public boolean send(String channel, byte[] datagram) {
    if (pendingBytes.addAndGet(datagram.length) > MAX_PENDING_BYTES) {
      release(datagram);
      return false;
    }
    try {
      var _ =
          publishing
              .async()
              .publish(channel, datagram)
              .whenComplete((_, failure) -> onAnswer(datagram, failure));
      return true;
    } catch (RedisException e) { // too many commands wait, or the connection has just been lost
      release(datagram);
      return false;
    }
  }

  private void onAnswer(byte[] datagram, @Nullable Throwable failure) {
    release(datagram);
    if (failure instanceof RedisCommandExecutionException refusal) {
      events.lost(String.valueOf(refusal.getMessage())); // a right that the user lacks
    }
  }

  private void release(byte[] datagram) {
    long _ = pendingBytes.addAndGet(-datagram.length);
  }

  @Override
  public EngineTraits describe() {
    try {
      String server = text(publishing.async().info("server"));
      boolean isValkey = server.contains("valkey_version:");
      Matcher version = (isValkey ? VALKEY_VERSION : REDIS_VERSION).matcher(server);
      String limits = "";
      var config = publishing.async().configGet("client-output-buffer-limit");
      Matcher subscribers =
          SUBSCRIBERS.matcher(text(config.thenApply(values -> String.join(" ", values.values()))));
      if (subscribers.find()) {
        limits = subscribers.group(1);
      }
      return new EngineTraits(
          isValkey ? "Valkey" : "Redis", version.find() ? version.group(1) : "", limits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new EngineTraits("Redis", "", "");
    }
  }

  /// Empty if the engine refuses the command.
  private static String text(CompletionStage<String> answer) throws InterruptedException {
    try {
      return finish(answer.toCompletableFuture(), RedisSettings.TIMEOUT);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    awaitClosed(close(publishing), close(subscribed));
  }

  /// A client that is shut down while connections are being closed warns of each, so this waits for
  /// them, also if it is interrupted. A connection that takes longer ends when its socket does.
  private static void awaitClosed(CompletableFuture<?>... closing) {
    CompletableFuture.allOf(closing)
        .exceptionally(_ -> null)
        .completeOnTimeout(null, 1, TimeUnit.SECONDS)
        .join();
  }

  private static CompletableFuture<Void> close(@Nullable StatefulConnection<?, ?> connection) {
    return connection == null ? CompletableFuture.completedFuture(null) : connection.closeAsync();
  }
}
