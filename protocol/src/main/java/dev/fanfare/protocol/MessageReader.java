package dev.fanfare.protocol;

import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.Pong;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import org.jspecify.annotations.Nullable;

/// UTF-8 JSON to [ClientMessage]. Total: no input throws, whatever cannot be understood comes back
/// as [Malformed] with a sentence for the sender.
public final class MessageReader {

  private static final int MAX_QUOTED_NAME_CHARS = 100;

  private MessageReader() {}

  /// Reads one complete text message.
  public static ClientMessage read(byte[] utf8) {
    try {
      Envelope envelope = new Envelope();
      Json.readObject(utf8, envelope);
      return envelope.toMessage();
    } catch (MalformedJson e) {
      return new Malformed(e.reason());
    }
  }

  /// The fields of a frame while it is read; `data` may come before `event`, so it is kept as text
  /// until the event is known.
  private static final class Envelope implements Json.Fields {
    private @Nullable String event;
    private @Nullable String channel;
    private boolean channelIsWrong;
    private @Nullable String data;
    private boolean dataIsTree;

    @Override
    public void field(String name, Json.Value value) throws MalformedJson {
      switch (name) {
        case "event" -> event = value.string();
        case "channel" -> {
          channelIsWrong = !value.isString();
          channel = channelIsWrong ? null : value.string();
        }
        case "data" -> {
          dataIsTree = value.isObject();
          data = value.isString() ? value.string() : value.compact();
        }
        default -> {}
      }
    }

    ClientMessage toMessage() throws MalformedJson {
      if (event == null) {
        return new Malformed("Invalid message: it has no event");
      }
      return switch (event) {
        case EventName.PING -> new Ping();
        case EventName.PONG -> new Pong();
        case EventName.SUBSCRIBE -> subscribe();
        case EventName.UNSUBSCRIBE -> unsubscribe();
        case EventName.SIGNIN -> signIn();
        default -> EventName.isClientEvent(event) ? clientEvent(event) : unsupported(event);
      };
    }

    private ClientMessage subscribe() throws MalformedJson {
      String[] found = dataFields("channel", "auth", "channel_data");
      return found[0] == null
          ? new Malformed("Invalid subscription: data must contain channel")
          : new Subscribe(found[0], found[1], found[2]);
    }

    private ClientMessage unsubscribe() throws MalformedJson {
      String[] found = dataFields("channel");
      return found[0] == null
          ? new Malformed("Invalid unsubscription: data must contain channel")
          : new Unsubscribe(found[0]);
    }

    private ClientMessage signIn() throws MalformedJson {
      String[] found = dataFields("auth", "user_data");
      return found[0] == null || found[1] == null
          ? new Malformed("Invalid signin: data must contain auth and user_data")
          : new SignIn(found[0], found[1]);
    }

    private ClientMessage clientEvent(String event) {
      return channel == null || channelIsWrong || data == null
          ? new Malformed("Invalid client event (must contain channel and data)")
          : new ClientEvent(event, channel, data);
    }

    private static ClientMessage unsupported(String event) {
      String shown =
          event.length() > MAX_QUOTED_NAME_CHARS
              ? event.substring(0, MAX_QUOTED_NAME_CHARS) + "…"
              : event;
      return new Malformed("Unsupported event received on socket: '" + shown + "'");
    }

    /// The named string fields of `data`, which is an object or, from some clients, a string that
    /// holds one (section 1.3, rule 4). Absent and null fields are null.
    private @Nullable String[] dataFields(String... names) throws MalformedJson {
      if (data == null || !(dataIsTree || data.stripLeading().startsWith("{"))) {
        throw new MalformedJson("Expected parameter data to be a hash");
      }
      @Nullable String[] found = new String[names.length];
      Json.readObject(
          data,
          (name, value) -> {
            for (int i = 0; i < names.length; i++) {
              if (names[i].equals(name)) {
                found[i] = value.stringOrNull();
              }
            }
          });
      return found;
    }
  }
}
