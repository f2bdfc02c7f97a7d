package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.client.BlockingSockets;
import dev.fanfare.loadtest.client.BlockingWebSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;

/// A subscriber of one channel that checks every event.
final class Subscriber implements Bystander {

  private static final int CONNECT_MILLIS = 10_000;

  /// How long a read may block, so that the thread notices the end; not a limit for the server.
  private static final int READ_MILLIS = 250;

  private final Scene scene;
  private final int number;
  private final Subscription subscription;
  private final SignedRequests signer;

  /// Counted down when it is subscribed for the first time.
  private final CountDownLatch ready;

  private boolean counted;

  Subscriber(Scene scene, int number, Subscription subscription, CountDownLatch ready) {
    this.scene = scene;
    this.number = number;
    this.subscription = subscription;
    this.ready = ready;
    signer = new SignedRequests(scene.target);
  }

  @Override
  public String failure() {
    return "a subscriber was disconnected";
  }

  @Override
  public void live() throws IOException {
    Socket socket = BlockingSockets.open(scene.target, CONNECT_MILLIS);
    try (Conversation conversation = new Conversation(socket)) {
      conversation.begin();
      socket.setSoTimeout(READ_MILLIS);
      while (!scene.isStopped()) {
        conversation.next();
      }
    }
  }

  private void onSubscribed() {
    if (!counted) {
      counted = true;
      ready.countDown();
    }
  }

  /// One connection.
  private final class Conversation extends BlockingWebSocket {

    private Conversation(Socket socket) {
      super(socket);
    }

    private void begin() throws IOException {
      if (upgrade(scene.target) instanceof Parsed.Bad(String refusal)) {
        throw new IOException(refusal);
      }
    }

    private void next() throws IOException {
      try {
        read();
      } catch (SocketTimeoutException e) {
        // A silence; the latencies will show it.
      }
    }

    @Override
    protected void onStamp(int event) {
      scene.arrived(number, event);
    }

    @Override
    protected void onMessage(ServerText message) {
      switch (message.event()) {
        case "pusher:connection_established" -> {
          String socketId = message.dataField("socket_id");
          answer(ClientFrames.text(subscription.subscribeMessage(socketId, signer)));
        }
        case "pusher_internal:subscription_succeeded" -> onSubscribed();
        case "pusher:subscription_error" -> fail("the server reported: " + message.errorText());
        default -> {}
      }
    }
  }
}
