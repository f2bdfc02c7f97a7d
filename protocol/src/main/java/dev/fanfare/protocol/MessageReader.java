package dev.fanfare.protocol;

import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.InvalidSignIn;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.Pong;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import dev.fanfare.protocol.MessageBounds.TokenBudget;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses UTF-8 JSON to [ClientMessage]. Total: no input throws; a message that cannot be
/// understood becomes [Malformed] with a reason for the sender.
public final class MessageReader {

  /// The longest event name that can be valid by default is quoted in full.
  private static final int MAX_QUOTED_NAME_CHARS = 200;

  /// What it costs to begin with `data`, in tokens; it may be repeated.
  private static final int DATA_TOKENS = 64;

  private static final String NO_HASH = "Expected parameter data to be a hash";
  private static final String CHANNEL = "channel";
  private static final String AUTH = "auth";
  private static final String CHANNEL_DATA = "channel_data";
  private static final String USER_DATA = "user_data";
  private static final Set<String> COMMAND_FIELDS = Set.of(CHANNEL, AUTH, CHANNEL_DATA, USER_DATA);

  private MessageReader() {}

  /// Reads one complete text message, and only as far as it can matter: `data` is read once, for
  /// the event that it belongs to, and nothing after an event that is not supported, or for which
  /// the message is too large.
  ///
  /// @param limits of the app; they bound what the message may cost
  public static ClientMessage read(byte[] utf8, Limits limits) {
    try {
      MessageBounds bounds = new MessageBounds(utf8, limits);
      Envelope envelope = new Envelope(bounds);
      envelope.read(utf8);
      if (envelope.lacksData()) {
        envelope = new Envelope(bounds, envelope.event);
        envelope.read(utf8);
      }
      return envelope.toMessage();
    } catch (MalformedJson e) {
      return new Malformed(e.reason());
    }
  }

  /// The fields of a frame while it is parsed. Almost all clients send `event` first. If `data`
  /// precedes it, it is skipped, and read in a second pass in which the event is known.
  private static final class Envelope implements Json.Fields {
    private final MessageBounds bounds;
    private final TokenBudget budget;

    /// True in the second pass.
    private final boolean isEventKnown;

    private @Nullable String event;
    private @Nullable String channel;
    private boolean channelIsWrong;

    /// True if `data` was read or skipped for another event than the last one.
    private boolean isDataMissed;

    private boolean hasData;

    /// The data of a client event.
    private @Nullable String data;

    /// True if [#data] is only the beginning.
    private boolean isDataCut;

    /// The data of a command; null if it is no object.
    private @Nullable CommandData command;

    /// Why there is no usable `command`.
    private String problem = NO_HASH;

    private Envelope(MessageBounds bounds) {
      this.bounds = bounds;
      this.budget = bounds.budget();
      this.isEventKnown = false;
    }

    /// For the second pass.
    private Envelope(MessageBounds bounds, @Nullable String event) {
      this.bounds = bounds;
      this.budget = bounds.budget();
      this.isEventKnown = true;
      this.event = event;
    }

    void read(byte[] utf8) throws MalformedJson {
      Json.readObject(utf8, this, budget);
    }

    @Override
    public void field(String name, Json.Value value) throws MalformedJson {
      switch (name) {
        case "event" -> {
          if (!isEventKnown) {
            String beginning = bounds.beginningOfLongName(value);
            if (beginning != null) {
              check(beginning);
            }
            onEvent(value.string());
          }
        }
        case "channel" -> {
          channelIsWrong = !value.isString();
          channel = channelIsWrong ? null : value.string();
        }
        case "data" -> onData(value);
        default -> {}
      }
    }

    /// @param found the event's name, or the beginning of a long one
    private void check(String found) throws MalformedJson {
      if (!isProbe(found) && !isCommand(found) && !EventName.isClientEvent(found)) {
        throw unsupported(found);
      }
      bounds.check(found);
    }

    private void onEvent(String found) throws MalformedJson {
      check(found);
      if (!EventName.isClientEvent(found)) {
        MessageBounds.reduce(budget);
      }
      isDataMissed |= hasData && !found.equals(event);
      event = found;
    }

    private void onData(Json.Value value) throws MalformedJson {
      budget.take(DATA_TOKENS);
      hasData = true;
      data = null;
      command = null;
      problem = NO_HASH;
      if (event == null || isProbe(event)) {
        return;
      }
      if (!isCommand(event)) {
        data = value.isString() ? value.string() : value.compact(bounds.maxDataBytes());
        isDataCut = value.isCut();
      } else if (value.isObject()) {
        command = new CommandData();
        value.object(command);
      } else if (value.isString()) {
        command = command(value.string());
      }
    }

    /// The fields of a string that contains an object, as some clients send it (section 1.3, rule
    /// 4).
    private @Nullable CommandData command(String text) {
      if (!text.stripLeading().startsWith("{")) {
        return null;
      }
      try {
        CommandData found = new CommandData();
        Json.readObject(text, found, MessageBounds.commandBudget());
        return found;
      } catch (MalformedJson e) {
        problem = e.reason();
        return null;
      }
    }

    /// True if a second pass is needed.
    boolean lacksData() {
      return isDataMissed && event != null && !isProbe(event);
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
        default -> clientEvent(event);
      };
    }

    private ClientMessage subscribe() throws MalformedJson {
      CommandData found = commandData();
      String name = found.string(CHANNEL);
      return name == null
          ? new Malformed("Invalid subscription: data must contain channel")
          : new Subscribe(
              name, found.strings.get(AUTH), found.strings.get(CHANNEL_DATA), found.problems);
    }

    private ClientMessage unsubscribe() throws MalformedJson {
      String name = commandData().string(CHANNEL);
      return name == null
          ? new Malformed("Invalid unsubscription: data must contain channel")
          : new Unsubscribe(name);
    }

    private ClientMessage signIn() {
      try {
        CommandData found = commandData();
        String auth = found.string(AUTH);
        String userData = found.string(USER_DATA);
        return auth == null || userData == null
            ? new InvalidSignIn("Invalid signin: data must contain auth and user_data")
            : new SignIn(auth, userData);
      } catch (MalformedJson e) {
        return new InvalidSignIn(e.reason());
      }
    }

    private ClientMessage clientEvent(String event) {
      return channel == null || channelIsWrong || data == null
          ? new Malformed("Invalid client event (must contain channel and data)")
          : new ClientEvent(event, channel, data, isDataCut);
    }

    private CommandData commandData() throws MalformedJson {
      if (command == null) {
        throw new MalformedJson(problem);
      }
      return command;
    }

    /// True for a message whose data does not matter.
    private static boolean isProbe(String event) {
      return event.equals(EventName.PING) || event.equals(EventName.PONG);
    }

    private static boolean isCommand(String event) {
      return event.equals(EventName.SUBSCRIBE)
          || event.equals(EventName.UNSUBSCRIBE)
          || event.equals(EventName.SIGNIN);
    }

    private static MalformedJson unsupported(String event) {
      String shown =
          event.length() > MAX_QUOTED_NAME_CHARS
              ? event.substring(0, MAX_QUOTED_NAME_CHARS) + "…"
              : event;
      return new MalformedJson("Unsupported event received on socket: '" + shown + "'");
    }
  }

  /// The fields of `data` that commands read. JSON null counts as absent.
  private static final class CommandData implements Json.Fields {
    private final Map<String, String> strings = HashMap.newHashMap(COMMAND_FIELDS.size());

    /// Why a field could not be read, by its name; empty unless a value is not a string.
    private Map<String, String> problems = Map.of();

    @Override
    public void field(String name, Json.Value value) {
      if (!COMMAND_FIELDS.contains(name) || value.isNull()) {
        return;
      }
      try {
        strings.put(name, value.string());
      } catch (MalformedJson e) {
        problems = new HashMap<>(problems);
        problems.put(name, e.reason());
      }
    }

    /// The string, null if it is absent; throws if the value has another type.
    @Nullable String string(String name) throws MalformedJson {
      String problem = problems.get(name);
      if (problem != null) {
        throw new MalformedJson(problem);
      }
      return strings.get(name);
    }
  }
}
