package dev.fanfare.doctor;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An upgraded connection that speaks the protocol as real clients do: answers pings of both kinds
/// and says nothing else by itself.
final class PusherSocket implements AutoCloseable {

  /// One event from the server.
  ///
  /// @param channel empty if it concerns none
  /// @param data the text of a string, or JSON
  record Event(String name, String channel, String data) {

    /// The `message` of a `pusher:error`, or the `error` of a refused subscription.
    String message() {
      String message = field(data, "message");
      String error = field(data, "error");
      return message != null ? message : error != null ? error : data;
    }
  }

  /// The server has ended the connection.
  static final class Closed extends IOException {

    private static final long serialVersionUID = 1;
    private final int code;

    Closed(int code, String reason) {
      super(reason);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private final Socket socket;
  private final TimedInput timed;
  private final InputStream in;
  private final SecureRandom random;

  /// @param in what was read ahead of `socket`, if anything, and then the rest
  PusherSocket(Socket socket, TimedInput timed, InputStream in, SecureRandom random) {
    this.socket = socket;
    this.timed = timed;
    this.in = in;
    this.random = random;
  }

  static InputStream buffered(TimedInput timed) {
    return new BufferedInputStream(timed);
  }

  private void send(String text) throws IOException {
    send(Frame.text(text));
  }

  /// Subscribes; null if it was granted, else why not.
  ///
  /// @param auth null for a channel that needs none
  @Nullable String subscribe(
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
        ping(deadline); // a refusal may be told twice, and must not be taken for the next one's
        return event.message();
      }
      if (isHere && event.name().equals("pusher_internal:subscription_succeeded")) {
        return null;
      }
    }
  }

  /// Pings as clients do, and passes over everything that comes before the answer.
  void ping(Deadline deadline) throws IOException {
    ping();
    await("pusher:pong", "", deadline);
  }

  /// Pings, and leaves the answer to who reads next.
  void ping() throws IOException {
    send("{\"event\":\"pusher:ping\",\"data\":{}}");
  }

  /// The next event.
  ///
  /// @throws Closed if the server ends the connection instead
  Event next(Deadline deadline) throws IOException {
    while (true) {
      Frame frame = nextFrame(deadline);
      if (frame.opcode() == Frame.TEXT) {
        Event event = event(frame.text());
        if (!event.name().equals("pusher:ping")) {
          return event;
        }
        send("{\"event\":\"pusher:pong\",\"data\":{}}");
      }
    }
  }

  /// The next event of that name on that channel; others are passed over.
  Event await(String name, String channel, Deadline deadline) throws IOException {
    while (true) {
      Event event = next(deadline);
      if (event.name().equals(name) && event.channel().equals(channel)) {
        return event;
      }
    }
  }

  /// Listens, answers pings and is silent otherwise.
  ///
  /// @throws SocketTimeoutException at the deadline, as is to be hoped
  void listen(Deadline deadline) throws IOException {
    while (true) {
      next(deadline);
    }
  }

  private Frame nextFrame(Deadline deadline) throws IOException {
    timed.deadline(deadline);
    Frame frame = Frame.read(in);
    if (frame.opcode() == Frame.PING) {
      send(new Frame(Frame.PONG, frame.payload()));
    }
    if (frame.opcode() == Frame.CLOSE) {
      throw new Closed(frame.closeCode(), frame.closeReason());
    }
    return frame;
  }

  private void send(Frame frame) throws IOException {
    byte[] mask = new byte[4];
    random.nextBytes(mask);
    socket.getOutputStream().write(frame.bytes(mask));
    socket.getOutputStream().flush();
  }

  /// A field of a text that should be a JSON object, as text; null if there is none.
  static @Nullable String field(String json, String name) {
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
      return Map.of(); // what is no JSON object has no fields
    }
    return fields;
  }

  /// Says good-bye, as far as somebody listens.
  @Override
  public void close() {
    try (socket) {
      send(new Frame(Frame.CLOSE, new byte[] {3, (byte) 0xe8}));
    } catch (IOException e) {
      // it is over in any case
    }
  }
}
