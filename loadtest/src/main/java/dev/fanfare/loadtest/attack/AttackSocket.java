package dev.fanfare.loadtest.attack;

import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.FrameLayout;
import dev.fanfare.loadtest.wire.FrameScanner;
import dev.fanfare.loadtest.wire.FrameSink;
import dev.fanfare.loadtest.wire.ResponseScanner;
import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.loadtest.wire.UpgradeReply;
import dev.fanfare.protocol.Parsed;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One connection of an attacker: HTTP until it is upgraded. What the server answers is counted,
/// not checked. One thread writes and one reads at a time, which may be the same.
public final class AttackSocket implements FrameSink, AutoCloseable {

  private static final int BUFFER = 4_096;
  private static final long POLL_NS = 50_000_000L;

  private final Siege siege;

  /// The TCP connection below `stream`, or the same: closing it never blocks.
  private final Socket plain;

  private final Socket stream;
  private final byte[] buffer = new byte[BUFFER];
  private final ResponseScanner responses;
  private final FrameScanner frames = new FrameScanner(new FrameLayout(), this);

  private boolean upgraded;
  private String socketId = "";

  AttackSocket(Siege siege, Socket plain, Socket stream) {
    this.siege = siege;
    this.plain = plain;
    this.stream = stream;
    responses = new ResponseScanner((status, _, _) -> siege.tally().answered("HTTP " + status));
  }

  public void send(String ascii) throws IOException {
    send(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    stream.getOutputStream().write(bytes);
    siege.tally().sent(1);
  }

  /// Sends several messages with one write.
  public void send(Batch batch) throws IOException {
    batch.bytes.writeTo(stream.getOutputStream());
    siege.tally().sent(batch.count);
  }

  /// Sends a text message.
  public void sendText(String text) throws IOException {
    send(ClientFrames.text(text));
  }

  /// Becomes a WebSocket and waits for `connection_established`.
  public void upgrade() throws IOException {
    upgrade(false);
  }

  /// Opens a WebSocket.
  ///
  /// @param compressed true to negotiate `permessage-deflate`
  public void upgrade(boolean compressed) throws IOException {
    send(UpgradeReply.request(siege.target().authority(), siege.target().key(), compressed));
    UpgradeReply reply = new UpgradeReply(compressed);
    boolean whole = false;
    while (!whole) {
      int count = receive();
      whole = reply.add(Arrays.copyOf(buffer, count));
    }
    if (reply.check() instanceof Parsed.Bad(String refusal)) {
      throw new IOException("upgrade: " + refusal.replaceAll("(HTTP/1.1 \\d+).*", "$1"));
    }
    upgraded = true;
    frames.scan(ByteBuffer.wrap(reply.rest()));
    while (socketId.isEmpty()) {
      read();
    }
  }

  /// The subscribe message of this connection, signed if the channel requires that.
  public byte[] subscribe(Subscription subscription, SignedRequests signer) {
    return ClientFrames.text(subscription.subscribeMessage(socketId, signer));
  }

  public static byte[] unsubscribe(String channel) {
    return ClientFrames.text(Subscription.unsubscribeMessage(channel));
  }

  /// Reads until the server closes the connection, or the siege ends.
  public void drain() throws IOException {
    while (true) {
      read();
    }
  }

  /// Reads on a separate thread, so that this one can write.
  public void drainInBackground() {
    var _ =
        Thread.startVirtualThread(() -> {
          try {
            drain();
          } catch (IOException e) {
            abort(); // wakes the writer
          }
        });
  }

  /// Waits until the thread that reads in the background finds the connection closed.
  public void awaitClosed() throws IOException {
    while (!plain.isClosed()) {
      siege.pause(POLL_NS);
    }
    throw new EOFException("closed by the server");
  }

  /// Reads what there is, at least one byte.
  public void read() throws IOException {
    int count = receive();
    ByteBuffer in = ByteBuffer.wrap(buffer, 0, count);
    if (upgraded) {
      frames.scan(in);
    } else {
      responses.scan(in);
    }
  }

  private int receive() throws IOException {
    int count = stream.getInputStream().read(buffer);
    if (count < 0) {
      throw new EOFException("closed by the server");
    }
    return count;
  }

  /// Closes the connection with a TCP reset.
  public void reset() throws IOException {
    plain.setSoLinger(true, 0);
    close();
  }

  /// Closes it from any thread.
  void abort() {
    try {
      plain.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }

  @Override
  public void close() {
    siege.forget(this);
    abort();
  }

  @Override
  public void onText(String text) {
    ServerText message = ServerText.parse(text);
    switch (message.event()) {
      case "pusher:connection_established" -> socketId = message.dataField("socket_id");
      case "pusher:error" -> siege.tally().answered("error " + message.dataField("code"));
      case "pusher:subscription_error", "pusher_internal:subscription_succeeded" ->
          siege.tally().answered(message.event().replaceFirst(".*:", ""));
      default -> {}
    }
  }

  @Override
  public void onCloseFrame(int code, String reason) {
    siege.tally().answered("close " + code);
  }

  @Override
  public void onStamp(int publisher, int channel, int sequence, int event) {
    // Attackers do not subscribe to channels with stamps.
  }

  @Override
  public void onPing(byte[] payload) {
    // Not answered.
  }

  @Override
  public void onViolation(String why) {
    siege.tally().answered("violation: " + why);
  }

  /// Messages to send with one write.
  public static final class Batch {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int count;

    /// A message `count` times.
    public static Batch of(byte[] message, int count) {
      Batch batch = new Batch();
      for (int i = 0; i < count; i++) {
        batch.add(message);
      }
      return batch;
    }

    public void add(byte[] message) {
      bytes.writeBytes(message);
      count++;
    }
  }
}
