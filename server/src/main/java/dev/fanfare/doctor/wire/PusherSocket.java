package dev.fanfare.doctor.wire;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketFrame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An upgraded connection that behaves like a real client: answers WebSocket pings and Pusher
/// pings, and sends nothing else by itself. Responses are small, so a message is expected in one
/// frame.
public final class PusherSocket implements AutoCloseable {

  /// One event from the server.
  ///
  /// @param channel empty if it has none
  /// @param data the content of a string, or JSON
  public record Event(String name, String channel, String data) {

    /// The `message` of a `pusher:error`, or the `error` of a refused subscription.
    public String message() {
      String message = field(data, "message");
      String error = field(data, "error");
      return message != null ? message : error != null ? error : data;
    }
  }

  /// The server closed the connection.
  public static final class Closed extends IOException {

    private static final long serialVersionUID = 1;
    private final int code;

    Closed(int code, String reason) {
      super(reason);
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  private static final int MAX_FRAME_BYTES = 1_048_576;

  private final Socket socket;
  private final TimedInput timed;
  private final InputStream in;
  private final SecureRandom random;

  /// @param in reads from `socket`; may hold bytes that were read ahead
  public PusherSocket(Socket socket, TimedInput timed, InputStream in, SecureRandom random) {
    this.socket = socket;
    this.timed = timed;
    this.in = in;
    this.random = random;
  }

  public static InputStream buffered(TimedInput timed) {
    return new BufferedInputStream(timed);
  }

  private void send(String text) throws IOException {
    send(WebSocketFrame.text(text));
  }

  /// Subscribes. Fails with the text of the refusal.
  ///
  /// @param auth null for a channel that needs none
  public Parsed<Parsed.Passed> subscribe(
      String channel, @Nullable String auth, @Nullable String channelData, Deadline deadline)
      throws IOException {
    Json.Writer message = Json.object().field("event", "pusher:subscribe").startObject("data");
    message.field("channel", channel);
    if (auth != null) {
      message.field("auth", auth);
    }
    if (channelData != null) {
      message.field("channel_data", channelData);
    }
    send(message.endObject().text());
    while (true) {
      Event event = next(deadline);
      boolean isHere = event.channel().equals(channel);
      boolean isRefusal = isHere && event.name().equals("pusher:subscription_error");
      if (isRefusal || event.name().equals("pusher:error")) {
        ping(deadline); // a refusal may come in two events; skip the second
        return new Parsed.Bad<>(event.message());
      }
      if (isHere && event.name().equals("pusher_internal:subscription_succeeded")) {
        return Parsed.PASSED;
      }
    }
  }

  /// Pings as clients do, and skips everything before the pong.
  public void ping(Deadline deadline) throws IOException {
    ping();
    await("pusher:pong", "", deadline);
  }

  /// Pings; the next reader gets the pong.
  public void ping() throws IOException {
    send("{\"event\":\"pusher:ping\",\"data\":{}}");
  }

  /// The next event.
  ///
  /// @throws Closed if the server closes the connection instead
  public Event next(Deadline deadline) throws IOException {
    while (true) {
      WebSocketFrame frame = nextFrame(deadline);
      if (frame.opcode() == WebSocketFrame.TEXT) {
        Event event = event(frame.text());
        if (!event.name().equals("pusher:ping")) {
          return event;
        }
        send("{\"event\":\"pusher:pong\",\"data\":{}}");
      }
    }
  }

  /// The next event with that name on that channel; skips others.
  public Event await(String name, String channel, Deadline deadline) throws IOException {
    while (true) {
      Event event = next(deadline);
      if (event.name().equals(name) && event.channel().equals(channel)) {
        return event;
      }
    }
  }

  /// Reads and answers pings, and sends nothing else.
  ///
  /// @throws SocketTimeoutException at the deadline, if the connection lasts
  public void listen(Deadline deadline) throws IOException {
    while (true) {
      next(deadline);
    }
  }

  /// Skips everything before the next WebSocket ping, and does not answer it. False if there is
  /// none before the deadline.
  public boolean ignorePing(Deadline deadline) throws IOException {
    try {
      while (read(deadline).opcode() != WebSocketFrame.PING) {
        // an event, or what the server has to say besides
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private WebSocketFrame read(Deadline deadline) throws IOException {
    timed.setDeadline(deadline);
    return switch (WebSocketFrame.read(in, 0, MAX_FRAME_BYTES)) {
      case Parsed.Ok<WebSocketFrame> ok -> ok.value();
      case Parsed.Bad<WebSocketFrame> _ ->
          throw new IOException("the data after the upgrade is no WebSocket frame");
    };
  }

  private WebSocketFrame nextFrame(Deadline deadline) throws IOException {
    WebSocketFrame frame = read(deadline);
    if (frame.opcode() == WebSocketFrame.PING) {
      send(WebSocketFrame.whole(WebSocketFrame.PONG, frame.payload()));
    }
    if (frame.opcode() == WebSocketFrame.CLOSE) {
      throw new Closed(frame.closeCode(), frame.closeReason());
    }
    return frame;
  }

  private void send(WebSocketFrame frame) throws IOException {
    byte[] mask = new byte[4];
    random.nextBytes(mask);
    socket.getOutputStream().write(frame.masked(mask));
    socket.getOutputStream().flush();
  }

  /// A field of a JSON object, as text; null if the field or the object is missing.
  public static @Nullable String field(String json, String name) {
    return fields(json).get(name);
  }

  private static Event event(String text) {
    Map<String, String> fields = fields(text);
    return new Event(
        fields.getOrDefault("event", ""),
        fields.getOrDefault("channel", ""),
        fields.getOrDefault("data", ""));
  }

  private static Map<String, String> fields(String json) {
    Map<String, String> fields = new HashMap<>();
    try {
      Json.readObject(
          json,
          (name, value) -> fields.put(name, value.isString() ? value.string() : value.compact()));
    } catch (MalformedJson e) {
      return Map.of(); // no JSON object, no fields
    }
    return fields;
  }

  /// Sends a close frame, if that is still possible.
  @Override
  public void close() {
    try (socket) {
      send(WebSocketFrame.close(1000, ""));
    } catch (IOException e) {
      // closed anyway
    }
  }
}
