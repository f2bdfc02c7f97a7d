package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.FrameLayout;
import dev.fanfare.loadtest.wire.FrameScanner;
import dev.fanfare.loadtest.wire.FrameSink;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.loadtest.wire.UpgradeReply;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A client without subscriptions that only pings, over a blocking socket: the loop, which is busy
/// with others, does not influence the measurement. Confined to one thread at a time, and blocks
/// it.
public final class PingSocket implements FrameSink, AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final byte[] PING = ClientFrames.pusherPing();
  private static final byte[] PONG = ClientFrames.pusherPong();

  private final Socket socket;
  private final FrameScanner scanner = new FrameScanner(new FrameLayout(), this);
  private final byte[] buffer = new byte[4_096];

  private boolean established;
  private long pongs;

  /// When the last bytes arrived.
  private long readNs;

  /// The first error from the server, empty if there was none.
  private String trouble = "";

  private PingSocket(Socket socket) {
    this.socket = socket;
  }

  /// Connects and waits until the connection is established; throws a refusal if that fails.
  public static PingSocket connect(Target target) {
    try {
      PingSocket made = new PingSocket(BlockingSockets.open(target, PATIENCE_MILLIS));
      made.upgrade(target);
      while (!made.established) {
        made.read();
      }
      return made;
    } catch (IOException e) {
      throw new Refusal("The probe cannot connect: " + e.getMessage() + ".");
    }
  }

  /// Sends a `pusher:ping` and waits for its pong, at most 10 seconds; returns the nanoseconds
  /// between.
  public long ping() throws IOException {
    long before = pongs;
    long sentNs = System.nanoTime();
    send(PING);
    while (pongs == before) {
      read();
    }
    return readNs - sentNs;
  }

  private void upgrade(Target target) throws IOException {
    send(UpgradeReply.request(target.authority(), target.key(), false));
    UpgradeReply reply = new UpgradeReply(false);
    boolean whole = false;
    while (!whole) {
      int count = receive();
      whole = reply.add(Arrays.copyOf(buffer, count));
    }
    String refusal = reply.refusal();
    if (refusal != null) {
      throw new IOException("the server refused the WebSocket upgrade with " + refusal);
    }
    scanner.scan(ByteBuffer.wrap(reply.rest()));
  }

  private void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private int receive() throws IOException {
    try {
      int count = socket.getInputStream().read(buffer);
      readNs = System.nanoTime();
      if (count < 0) {
        throw new IOException("the server closed the connection");
      }
      return count;
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "the server sent nothing for " + PATIENCE_MILLIS / 1_000 + " seconds", e);
    }
  }

  private void read() throws IOException {
    int count = receive();
    scanner.scan(ByteBuffer.wrap(buffer, 0, count));
    if (!trouble.isEmpty()) {
      throw new IOException(trouble);
    }
  }

  @Override
  public void onStamp(int publisher, int channel, int sequence, int event) {
    trouble = "the server sent an event of a channel without a subscription";
  }

  @Override
  public void onText(String text) {
    ServerText message = ServerText.parse(text);
    switch (message.event()) {
      case "pusher:connection_established" -> established = true;
      case "pusher:pong" -> pongs++;
      case "pusher:ping" -> answer(PONG);
      case "pusher:error" -> trouble = "the server reported: " + message.errorText();
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

  private void answer(byte[] frame) {
    try {
      send(frame);
    } catch (IOException e) {
      trouble = String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }
}
