package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.FrameLayout;
import dev.fanfare.loadtest.wire.FrameScanner;
import dev.fanfare.loadtest.wire.FrameSink;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.loadtest.wire.UpgradeReply;
import dev.fanfare.protocol.Parsed;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A client over a blocking socket that answers pings; what else it does with messages is up to
/// subclasses. Confined to one thread at a time, and blocks it.
public abstract class BlockingWebSocket implements AutoCloseable {

  private static final int BUFFER = 4_096;
  private static final byte[] PONG = ClientFrames.pusherPong();

  private final Socket socket;
  private final FrameScanner scanner = new FrameScanner(new FrameLayout(), new Frames());
  private final byte[] buffer = new byte[BUFFER];

  /// Why the connection cannot be used any more, empty while it can.
  private String trouble = "";

  protected BlockingWebSocket(Socket socket) {
    this.socket = socket;
  }

  /// Upgrades the connection; fails if the server refuses.
  protected final Parsed<Parsed.Passed> upgrade(Target target) throws IOException {
    send(UpgradeReply.request(target.authority(), target.key(), false));
    UpgradeReply reply = new UpgradeReply(false);
    boolean whole = false;
    while (!whole) {
      whole = reply.add(Arrays.copyOf(buffer, receive(buffer)));
    }
    Parsed<Parsed.Passed> check = reply.check();
    if (check instanceof Parsed.Ok) {
      scanner.scan(ByteBuffer.wrap(reply.rest()));
    }
    return check;
  }

  /// Reads and handles what there is, at least one byte; throws an exception at the first trouble.
  protected final void read() throws IOException {
    scanner.scan(ByteBuffer.wrap(buffer, 0, receive(buffer)));
    if (!trouble.isEmpty()) {
      throw new IOException(trouble);
    }
  }

  /// Receives at least one byte; returns their number.
  protected int receive(byte[] into) throws IOException {
    int count = socket.getInputStream().read(into);
    if (count < 0) {
      throw new EOFException("the server closed the connection");
    }
    return count;
  }

  protected final void send(byte[] frame) throws IOException {
    socket.getOutputStream().write(frame);
  }

  /// Sends a frame in response to one that is being handled; a failure becomes the trouble.
  protected final void answer(byte[] frame) {
    try {
      send(frame);
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  /// Sets the trouble that ends the current [#read].
  protected final void fail(String reason) {
    trouble = reason;
  }

  /// An event of this program arrived.
  protected abstract void onStamp(int event);

  /// Any other message, except `pusher:ping` and `pusher:error`.
  protected abstract void onMessage(ServerText message);

  @Override
  public final void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }

  private final class Frames implements FrameSink {

    @Override
    public void onStamp(int publisher, int channel, int sequence, int event) {
      BlockingWebSocket.this.onStamp(event);
    }

    @Override
    public void onText(String text) {
      ServerText message = ServerText.parse(text);
      switch (message.event()) {
        case "pusher:ping" -> answer(PONG);
        case "pusher:error" -> fail("the server reported: " + message.errorText());
        default -> onMessage(message);
      }
    }

    @Override
    public void onPing(byte[] payload) {
      answer(ClientFrames.pong(payload));
    }

    @Override
    public void onCloseFrame(int code, String reason) {
      if (trouble.isEmpty()) {
        fail(("the server closed with " + code + " " + reason).strip());
      }
    }

    @Override
    public void onViolation(String why) {
      fail("the server sent " + why);
    }
  }
}
