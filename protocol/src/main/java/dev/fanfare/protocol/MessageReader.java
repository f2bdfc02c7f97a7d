package dev.fanfare.protocol;

import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.Pong;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// UTF-8 JSON to [ClientMessage]. Total: no input throws, whatever cannot be understood comes back
/// as [Malformed] with a sentence for the sender.
public final class MessageReader {

  private static final int MAX_QUOTED_NAME_CHARS = 100;

  private static final Set<String> COMMAND_FIELDS =
      Set.of("channel", "auth", "channel_data", "user_data");

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
      Map<String, String> found = dataFields();
      String name = found.get("channel");
      return name == null
          ? new Malformed("Invalid subscription: data must contain channel")
          : new Subscribe(name, found.get("auth"), found.get("channel_data"));
    }

    private ClientMessage unsubscribe() throws MalformedJson {
      String name = dataFields().get("channel");
      return name == null
          ? new Malformed("Invalid unsubscription: data must contain channel")
          : new Unsubscribe(name);
    }

    private ClientMessage signIn() throws MalformedJson {
      Map<String, String> found = dataFields();
      String auth = found.get("auth");
      String userData = found.get("user_data");
      return auth == null || userData == null
          ? new Malformed("Invalid signin: data must contain auth and user_data")
          : new SignIn(auth, userData);
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

    /// The string fields of `data` that some command reads. `data` is an object or, from some
    /// clients, a string that holds one (section 1.3, rule 4). A null is as good as absent.
    private Map<String, String> dataFields() throws MalformedJson {
      if (data == null || !(dataIsTree || data.stripLeading().startsWith("{"))) {
        throw new MalformedJson("Expected parameter data to be a hash");
      }
      Map<String, String> found = HashMap.newHashMap(COMMAND_FIELDS.size());
      Json.readObject(
          data,
          (name, value) -> {
            if (COMMAND_FIELDS.contains(name) && !value.isNull()) {
              found.put(name, value.string());
            }
          });
      return found;
    }
  }
}
