package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// A client without subscriptions that only pings, over a blocking socket: the loop, which is busy
/// with others, does not influence the measurement. Confined to one thread at a time, and blocks
/// it.
public final class PingSocket extends BlockingWebSocket {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final byte[] PING = ClientFrames.pusherPing();

  private boolean established;
  private long pongs;

  /// When the last bytes arrived.
  private long readNs;

  private PingSocket(Socket socket) {
    super(socket);
  }

  /// Connects and waits until the connection is established; throws a refusal if that fails.
  public static PingSocket connect(Target target) {
    try {
      PingSocket made = new PingSocket(BlockingSockets.open(target, PATIENCE_MILLIS));
      if (made.upgrade(target) instanceof Parsed.Bad(String refusal)) {
        throw new IOException("the server refused the WebSocket upgrade with " + refusal);
      }
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

  @Override
  protected int receive(byte[] into) throws IOException {
    try {
      int count = super.receive(into);
      readNs = System.nanoTime();
      return count;
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "the server sent nothing for " + PATIENCE_MILLIS / 1_000 + " seconds", e);
    }
  }

  @Override
  protected void onStamp(int event) {
    fail("the server sent an event of a channel without a subscription");
  }

  @Override
  protected void onMessage(ServerText message) {
    switch (message.event()) {
      case "pusher:connection_established" -> established = true;
      case "pusher:pong" -> pongs++;
      default -> {}
    }
  }
}
