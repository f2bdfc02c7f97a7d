package dev.fanfare.clients;

import com.pusher.client.Authorizer;
import com.pusher.client.Pusher;
import com.pusher.client.channel.PrivateChannelEventListener;
import com.pusher.client.channel.PusherEvent;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.TestNode;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The Java client as the device `java`, which gets numbered events of one private channel and
/// reconnects by itself.
public final class JavaMailbox implements AutoCloseable {

  private final Queue<Integer> received = new ConcurrentLinkedQueue<>();
  private final Pusher pusher;

  /// @param port of a server with the app of [TestNode], which need not be there yet
  @SuppressWarnings("deprecation") // the authorizer under the name that all versions know
  public JavaMailbox(int port, String channel) {
    Authorizer authorizer =
        (name, socketId) ->
            "{\"auth\":\"%s:%s\"}"
                .formatted(
                    TestNode.APP.key(),
                    TestNode.APP
                        .secret()
                        .signature()
                        .sign(Signature.subscription(socketId, name, null)));
    pusher =
        new Pusher(
            TestNode.APP.key() + "/java",
            Device.options(port)
                .setAuthorizer(authorizer)
                .setMaxReconnectionAttempts(Integer.MAX_VALUE)
                .setMaxReconnectGapInSeconds(1));
    pusher.subscribePrivate(channel, new Listener(), "e");
    pusher.connect();
  }

  /// The numbers of the events, in the order in which they came.
  public Queue<Integer> received() {
    return received;
  }

  @Override
  public void close() {
    pusher.disconnect();
  }

  private final class Listener implements PrivateChannelEventListener {
    @Override
    public void onEvent(PusherEvent event) {
      received.add(Integer.valueOf(event.getData()));
    }

    @Override
    public void onSubscriptionSucceeded(String channel) {
      // nothing to do
    }

    @Override
    public void onAuthenticationFailure(String message, Exception e) {
      throw new AssertionError(message, e);
    }
  }
}
