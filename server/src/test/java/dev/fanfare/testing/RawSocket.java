package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Signature;
import dev.fanfare.protocol.WebSocketFrame;
import dev.fanfare.protocol.WebSocketHandshake;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A TCP socket that speaks HTTP and WebSocket byte by byte, so that tests can say exactly what
/// they mean, also what no client would ever send. Blocks for at most ten seconds.
public final class RawSocket implements AutoCloseable {

  public static final int CONTINUATION = WebSocketFrame.CONTINUATION;
  public static final int TEXT = WebSocketFrame.TEXT;
  public static final int BINARY = WebSocketFrame.BINARY;
  public static final int CLOSE = WebSocketFrame.CLOSE;
  public static final int PING = WebSocketFrame.PING;
  public static final int PONG = WebSocketFrame.PONG;

  private static final int TIMEOUT_MS = 10_000;
  private static final int FIN = WebSocketFrame.FIN;
  private static final int RSV1 = WebSocketFrame.RSV1;
  private static final byte[] MASK = {1, 2, 3, 4};
  private static final Pattern SOCKET_ID = Pattern.compile("socket_id\\\\\":\\\\\"(\\d+\\.\\d+)");

  /// One frame from the server; the payload is as it came, also if it is compressed.
  @SuppressWarnings("ArrayRecordComponent") // tests look at the bytes themselves
  public record Frame(int opcode, boolean fin, boolean deflated, byte[] payload) {

    public String text() {
      return new String(deflated ? Zlib.inflate(payload) : payload, StandardCharsets.UTF_8);
    }

    /// The code of a close frame.
    public int closeCode() {
      return payload.length < 2 ? -1 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    }

    /// The reason of a close frame.
    public String closeReason() {
      return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /// A minute.
  private static final int MAX_ATTEMPTS = 240;

  private static final long PAUSE_MS = 250;

  private String socketId = "";

  /// True if the handshake agreed on compressed messages.
  private boolean compresses;

  public RawSocket(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /// Speaks over a socket that was connected elsewhere, for instance one of TLS.
  public RawSocket(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /// A connection that was greeted, with protocol 7. A server whose lanes are late, as happens on a
  /// busy machine, is asked again.
  public static RawSocket established(int port, String key, String... headers) throws IOException {
    IOException last = new IOException();
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      RawSocket socket = new RawSocket(port);
      try {
        return socket.establish(key, headers);
      } catch (IOException e) {
        socket.close();
        last = e;
      }
      if (!String.valueOf(last.getMessage()).contains(" ms late")) {
        break;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }
    throw last;
  }

  /// Makes a fresh socket a connection that was greeted, with protocol 7.
  public RawSocket establish(String key, String... headers) throws IOException {
    upgrade("/app/" + key + "?protocol=7&client=raw&version=1.0", headers);
    String greeting = nextText();
    Matcher matcher = SOCKET_ID.matcher(greeting);
    if (!matcher.find()) {
      throw new IOException("no greeting: " + greeting);
    }
    socketId = matcher.group(1);
    return this;
  }

  /// A connection whose handshake was accepted; the next frame is the server's first.
  public static RawSocket upgraded(int port, String target, String... headers) throws IOException {
    return new RawSocket(port).upgrade(target, headers);
  }

  private RawSocket upgrade(String target, String... headers) throws IOException {
    sendHandshake(target, headers);
    String head = readHead();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("not upgraded: " + head);
    }
    compresses = head.contains("permessage-deflate");
    return this;
  }

  public void sendHandshake(String target, String... headers) throws IOException {
    send(handshake(target, headers));
  }

  /// Sends the handshake and whatever follows it in one write.
  public void sendHandshakeAnd(String target, byte[] more) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(handshake(target).getBytes(StandardCharsets.UTF_8));
    all.writeBytes(more);
    send(all.toByteArray());
  }

  private static String handshake(String target, String... headers) {
    return WebSocketHandshake.SAMPLE.request(target, "localhost", headers);
  }

  /// Waits so long for whatever is read from now on, instead of ten seconds.
  public void patience(Duration patience) throws IOException {
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
  }

  public String socketId() {
    return socketId;
  }

  /// Sends bytes as they are.
  public void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.UTF_8));
  }

  public void send(byte[] bytes) throws IOException {
    BalancedNodes.settle();
    out.write(bytes);
    out.flush();
  }

  /// Sends one text message in one masked frame.
  public void sendText(String text) throws IOException {
    sendFrame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends one text message in one compressed frame.
  public void sendDeflated(String text) throws IOException {
    byte[] payload = Zlib.deflate(text.getBytes(StandardCharsets.UTF_8));
    send(frame(FIN | RSV1 | TEXT, true, payload));
  }

  public void sendClose(int code, String reason) throws IOException {
    sendFrame(CLOSE, true, WebSocketFrame.close(code, reason).payload());
  }

  public void sendFrame(int opcode, boolean fin, byte[] payload) throws IOException {
    send(frame((fin ? FIN : 0) | opcode, true, payload));
  }

  /// A client frame with any first byte, masked or, wrongly, not.
  public static byte[] frame(int firstByte, boolean masked, byte[] payload) {
    WebSocketFrame frame = new WebSocketFrame(firstByte, payload);
    return masked ? frame.masked(MASK) : frame.unmasked();
  }

  /// Reads one frame; throws after ten seconds of silence.
  public Frame nextFrame() throws IOException {
    return switch (WebSocketFrame.read(in, compresses ? RSV1 : 0, Integer.MAX_VALUE)) {
      case Parsed.Ok<WebSocketFrame>(WebSocketFrame frame) ->
          new Frame(frame.opcode(), frame.isFinal(), frame.reserved() != 0, frame.payload());
      case Parsed.Bad<WebSocketFrame>(String reason) ->
          throw new IOException("the server sent " + reason);
    };
  }

  /// Reads one frame that must be text.
  public String nextText() throws IOException {
    Frame frame = nextFrame();
    if (frame.opcode() != TEXT) {
      throw new IOException(
          "expected text, got opcode "
              + frame.opcode()
              + (frame.opcode() == CLOSE
                  ? ": " + frame.closeCode() + " " + frame.closeReason()
                  : ""));
    }
    return frame.text();
  }

  /// Reads frames until a text contains `part`, and returns that text.
  public String nextTextContaining(String part) throws IOException {
    while (true) {
      String text = nextText();
      if (text.contains(part)) {
        return text;
      }
    }
  }

  /// Reads frames until the server's close frame.
  public Frame nextClose() throws IOException {
    while (true) {
      Frame frame = nextFrame();
      if (frame.opcode() == CLOSE) {
        return frame;
      }
    }
  }

  /// All that still arrives until the server ends TCP; throws after ten seconds of silence.
  public byte[] rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      int b;
      while ((b = in.read()) >= 0) {
        rest.write(b);
      }
    } catch (SocketException e) {
      // a reset is an end, too
    }
    return rest.toByteArray();
  }

  /// Ends our half of TCP without a word.
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /// True if the server ends TCP within ten seconds.
  public boolean isEnded() throws IOException {
    try {
      while (in.read() >= 0) {
        // whatever was still on the way
      }
      return true;
    } catch (SocketException | EOFException e) {
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  /// Sends a ping and fails unless the very next frame is its pong: nothing else was on the way.
  public void expectNothing() throws IOException {
    sendFrame(PING, true, new byte[] {42});
    Frame frame = nextFrame();
    if (frame.opcode() != PONG) {
      throw new AssertionError("expected nothing, got: " + frame.text());
    }
  }

  public void subscribe(String channel) throws IOException {
    sendText("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}");
  }

  public void unsubscribe(String channel) throws IOException {
    sendText("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"" + channel + "\"}}");
  }

  /// Subscribes to a private channel with a good signature.
  public void subscribePrivate(App app, String channel) throws IOException {
    String toSign = Signature.subscription(socketId, channel, null);
    sendText(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
            + channel
            + "\",\"auth\":\""
            + auth(app, toSign)
            + "\"}}");
  }

  /// Subscribes to a presence channel with a good signature.
  public void subscribePresence(App app, String channel, String channelData) throws IOException {
    String toSign = Signature.subscription(socketId, channel, channelData);
    sendText(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
            + channel
            + "\",\"auth\":\""
            + auth(app, toSign)
            + "\",\"channel_data\":\""
            + channelData.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\"}}");
  }

  /// Signs in with a good signature.
  public void signIn(App app, String userData) throws IOException {
    sendText(
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\""
            + auth(app, Signature.signIn(socketId, userData))
            + "\",\"user_data\":\""
            + userData.replace("\"", "\\\"")
            + "\"}}");
  }

  /// Sends a client event; `data` is JSON.
  public void trigger(String channel, String event, String data) throws IOException {
    sendText("{\"event\":\"" + event + "\",\"channel\":\"" + channel + "\",\"data\":" + data + "}");
  }

  private static String auth(App app, String toSign) {
    return app.key() + ":" + app.secret().signature().sign(toSign);
  }

  /// Reads an HTTP response's status line and headers.
  public String readHead() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      head.write(in.readUnsignedByte());
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /// Reads a body of so many bytes.
  public String readBody(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
