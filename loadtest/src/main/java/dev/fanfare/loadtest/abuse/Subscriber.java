package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.client.BlockingSockets;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.FrameLayout;
import dev.fanfare.loadtest.wire.FrameScanner;
import dev.fanfare.loadtest.wire.FrameSink;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.loadtest.wire.UpgradeReply;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// A subscriber of one channel that checks every event.
final class Subscriber implements Bystander {

  private static final int CONNECT_MILLIS = 10_000;

  /// How long a read may block, so that the thread notices the end; not a limit for the server.
  private static final int READ_MILLIS = 250;

  private static final int BUFFER = 4_096;

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
    try (Socket socket = BlockingSockets.open(scene.target, CONNECT_MILLIS)) {
      Conversation conversation = new Conversation(socket);
      conversation.upgrade();
      socket.setSoTimeout(READ_MILLIS);
      while (!scene.isStopped()) {
        conversation.read();
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
  private final class Conversation implements FrameSink {
    private final Socket socket;
    private final FrameScanner scanner = new FrameScanner(new FrameLayout(), this);
    private final byte[] buffer = new byte[BUFFER];
    private String trouble = "";

    private Conversation(Socket socket) {
      this.socket = socket;
    }

    private void upgrade() throws IOException {
      send(UpgradeReply.request(scene.target.authority(), scene.target.key(), false));
      UpgradeReply reply = new UpgradeReply(false);
      boolean whole = false;
      while (!whole) {
        whole = reply.add(Arrays.copyOf(buffer, receive()));
      }
      String refusal = reply.refusal();
      if (refusal != null) {
        throw new IOException(refusal);
      }
      scanner.scan(ByteBuffer.wrap(reply.rest()));
    }

    private void read() throws IOException {
      try {
        scanner.scan(ByteBuffer.wrap(buffer, 0, receive()));
      } catch (SocketTimeoutException e) {
        return; // a silence; the latencies will show it
      }
      if (!trouble.isEmpty()) {
        throw new IOException(trouble);
      }
    }

    private int receive() throws IOException {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new EOFException("the server closed the connection");
      }
      return count;
    }

    private void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    private void answer(byte[] frame) {
      try {
        send(frame);
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage());
      }
    }

    @Override
    public void onStamp(int publisher, int channel, int sequence, int event) {
      scene.arrived(number, event);
    }

    @Override
    public void onText(String text) {
      ServerText message = ServerText.parse(text);
      switch (message.event()) {
        case "pusher:connection_established" -> {
          String socketId = message.dataField("socket_id");
          answer(ClientFrames.text(subscription.subscribeMessage(socketId, signer)));
        }
        case "pusher_internal:subscription_succeeded" -> onSubscribed();
        case "pusher:ping" -> answer(ClientFrames.pusherPong());
        case "pusher:error", "pusher:subscription_error" ->
            trouble = "the server reported: " + message.errorText();
        default -> {}
      }
    }

    @Override
    public void onPing(byte[] payload) {
      answer(ClientFrames.pong(payload));
    }

    @Override
    public void onCloseFrame(int code, String reason) {
      if (trouble.isEmpty()) {
        trouble = ("the server closed with " + code + " " + reason).strip();
      }
    }

    @Override
    public void onViolation(String why) {
      trouble = "the server sent " + why;
    }
  }
}
