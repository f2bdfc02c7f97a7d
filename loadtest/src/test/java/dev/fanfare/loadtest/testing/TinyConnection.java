package dev.fanfare.loadtest.testing;

import dev.fanfare.loadtest.wire.ServerText;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Signature;
import dev.fanfare.protocol.WebSocketFrame;
import dev.fanfare.protocol.WebSocketHandshake;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One connection of a [TinyServer]: HTTP until it is upgraded. Read by a dedicated thread; others
/// only write, one at a time.
final class TinyConnection {

  private static final int MAX_BYTES = 0xFFFF;
  private static final Signature SIGNATURE = Signature.ofSecret(TinyServer.SECRET);
  private static final Pattern SIGNED =
      Pattern.compile("(\\S+) ([^? ]+)\\?(\\S*?)&auth_signature=(\\S+) HTTP/1.1.*", Pattern.DOTALL);
  private static final Pattern EVENT =
      Pattern.compile("\\{\"name\":\"(.*?)\",\"channels\":\\[\"(.*?)\"],\"data\":\"(.*)\"}");

  private final TinyServer server;
  private final Socket socket;
  private final String socketId;

  /// True once the client has asked for compressed messages.
  private boolean compressing;

  TinyConnection(TinyServer server, Socket socket, int number) {
    this.server = server;
    this.socket = socket;
    socketId = number + "." + number;
  }

  void run() {
    try (socket) {
      DataInputStream in =
          new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
      String head = head(in);
      while (!head.isEmpty() && !head.startsWith("GET /app/")) {
        answer(head, in);
        head = head(in);
      }
      if (!head.isEmpty()) {
        server.count(1);
        try {
          converse(head, in);
        } finally {
          server.count(-1);
        }
      }
    } catch (IOException e) {
      // The client has disconnected.
    } finally {
      server.leaveAll(this);
    }
  }

  private static String head(DataInputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.UTF_8);
  }

  private void answer(String head, DataInputStream in) throws IOException {
    Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    if (head.contains("?a&a&a&")) {
      server.abused();
    }
    if (head.startsWith("GET /live ")) {
      respond("200 OK", "OK");
      return;
    } else if (head.startsWith("GET /ready ")) {
      respond(server.isReady() ? "200 OK" : "503 Service Unavailable", "tired");
      return;
    } else if (head.startsWith("GET /metrics ")) {
      respond("200 OK", server.metrics());
      return;
    }
    Matcher signed = SIGNED.matcher(head);
    if (!signed.matches()
        || !SIGNATURE.matches(
            Signature.request(signed.group(1), signed.group(2), signed.group(3)),
            signed.group(4))) {
      respond("401 Unauthorized", "Invalid signature");
    } else if (signed.group(2).endsWith("/channels")) {
      respond("200 OK", server.channelList());
    } else {
      Matcher event = EVENT.matcher(new String(body, StandardCharsets.UTF_8));
      if (event.matches()) {
        server.publish(event.group(1), event.group(2), event.group(3), null);
      }
      respond("200 OK", "{}");
    }
  }

  private void respond(String status, String body) throws IOException {
    write(
        "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body)
            .getBytes(StandardCharsets.UTF_8));
  }

  private void converse(String head, DataInputStream in) throws IOException {
    boolean compresses = head.contains("permessage-deflate") && server.compresses();
    write(
        """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: %s\r
        %s\r
        """
            .formatted(
                WebSocketHandshake.SAMPLE.accept(),
                compresses
                    ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n"
                    : "")
            .getBytes(StandardCharsets.UTF_8));
    compressing = compresses;
    if (!head.startsWith("GET /app/" + TinyServer.KEY + "?")) {
      text("{\"event\":\"pusher:error\",\"data\":{\"code\":4001,\"message\":\"No such app\"}}");
      frame(0x88, new byte[] {0x0f, (byte) 0xa1});
      return;
    }
    text(
        "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"%s\\\"}\"}"
            .formatted(socketId));
    while (WebSocketFrame.readAny(in, MAX_BYTES)
        instanceof Parsed.Ok<WebSocketFrame>(WebSocketFrame frame)) {
      if (frame.opcode() == WebSocketFrame.CLOSE) {
        frame(0x88, frame.payload());
        return;
      }
      hear(ServerText.parse(frame.text()));
    }
  }

  private void hear(ServerText message) {
    switch (message.event()) {
      case "pusher:subscribe" -> subscribe(message);
      case "pusher:unsubscribe" -> server.leave(this, message.dataField("channel"));
      case "pusher:ping" -> pong();
      default -> {
        if (message.event().startsWith("client-")) {
          server.publish(message.event(), message.channel(), message.data(), this);
        }
      }
    }
  }

  private void pong() {
    if (server.refusesPings()) {
      hangUp();
    } else {
      text("{\"event\":\"pusher:pong\",\"data\":\"{}\"}");
    }
  }

  private void subscribe(ServerText message) {
    String channel = message.dataField("channel");
    String data = message.dataField("channel_data");
    String toSign = Signature.subscription(socketId, channel, data.isEmpty() ? null : data);
    boolean open = !channel.startsWith("private-") && !channel.startsWith("presence-");
    String expected = TinyServer.KEY + ":" + SIGNATURE.sign(toSign);
    if (!open && !message.dataField("auth").equals(expected)) {
      text(
          "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"Invalid"
              + " signature\"}}");
      return;
    }
    Matcher user = Pattern.compile("\"user_id\":\"(.*?)\"").matcher(data);
    server.join(this, channel, user.find() ? user.group(1) : "");
  }

  void text(String text) {
    if (compressing) {
      frame(0xC1, Deflated.message(text));
    } else {
      frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  void hangUp() {
    frame(0x88, new byte[] {0x10, 0x04, 's', 'l', 'o', 'w'});
  }

  private void frame(int first, byte[] payload) {
    try {
      write(new WebSocketFrame(first, payload).unmasked());
    } catch (IOException e) {
      // The reading thread notices it and cleans up.
    }
  }

  private synchronized void write(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }
}
