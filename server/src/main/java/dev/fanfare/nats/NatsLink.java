package dev.fanfare.nats;

import dev.fanfare.bus.EngineTraits;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// One connection that publishes and is subscribed.
final class NatsLink implements EngineWire.Link {

  /// What is received and not handled yet; more is dropped.
  private static final long MAX_PENDING_MESSAGES = 4_096;

  static final long MAX_PENDING_BYTES = 32L << 20;

  private final Connection connection;

  private NatsLink(Connection connection) {
    this.connection = connection;
  }

  /// Makes a connection.
  @FunctionalInterface
  interface Attempt {
    Connection make() throws IOException, InterruptedException;
  }

  static NatsLink connect(Attempt attempt, EngineUrl url, NatsEvents listener)
      throws IOException, InterruptedException {
    try {
      return new NatsLink(attempt.make());
    } catch (AuthenticationException e) {
      throw new IOException(url + ": " + e.getMessage(), e);
    } catch (IOException e) {
      // The exception says only that no server was reached.
      Exception latest = listener.latest();
      throw new IOException(url + ": " + reason(latest == null ? e : latest), e);
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /// Subscribes, and waits until that is in place.
  ///
  /// @return the longest message that the engine takes, in bytes
  int subscribe(String toAll, String toThis, Duration patience, EngineWire.Events events)
      throws IOException, InterruptedException {
    boolean isDone = false;
    try {
      // One dispatcher has one thread, so the order of the connection is kept.
      Dispatcher dispatcher =
          connection.createDispatcher(message -> events.received(message.getData()));
      dispatcher.setPendingLimits(MAX_PENDING_MESSAGES, MAX_PENDING_BYTES);
      dispatcher.subscribe(toAll).subscribe(toThis);
      connection.flush(patience);
      isDone = true;
      return Math.toIntExact(connection.getMaxPayload());
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    } finally {
      if (!isDone) {
        close();
      }
    }
  }

  @Override
  public boolean send(String channel, byte[] datagram) {
    if (connection.outgoingPendingBytes() + datagram.length > MAX_PENDING_BYTES) {
      return false;
    }
    try {
      connection.publish(channel, datagram);
    } catch (IllegalStateException | IllegalArgumentException e) { // just lost, or too long
      return false;
    }
    return true;
  }

  @Override
  public EngineTraits describe() {
    return new EngineTraits("NATS", connection.getServerInfo().getVersion(), "");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
