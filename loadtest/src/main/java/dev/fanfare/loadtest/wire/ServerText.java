package dev.fanfare.loadtest.wire;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;

/// A protocol message, as far as a load generator needs it. Servers differ in the order of fields
/// and in whether `data` is an object or a JSON string; both are read.
///
/// @param event the name, empty if the message was not understood
/// @param channel empty if there was none
/// @param data a string's content, or compact JSON
public record ServerText(String event, String channel, String data) {

  public static ServerText parse(String text) {
    Draft draft = new Draft();
    try {
      Json.readObject(text, draft);
    } catch (MalformedJson e) {
      return new ServerText("", "", text);
    }
    return new ServerText(draft.event, draft.channel, draft.data);
  }

  /// One field of `data`, empty if there is none.
  public String dataField(String wanted) {
    String[] found = {""};
    try {
      Json.readObject(
          data,
          (name, value) -> {
            if (name.equals(wanted)) {
              found[0] = value.isObject() || value.isArray() ? value.compact() : value.literal();
            }
          });
    } catch (MalformedJson e) {
      return "";
    }
    return found[0];
  }

  /// `CODE MESSAGE` of a `pusher:error`, or the text of another event.
  public String errorText() {
    String message = dataField("message").isEmpty() ? dataField("error") : dataField("message");
    String code = dataField("code");
    String number = code.isEmpty() || code.equals("null") ? "" : code + " ";
    return message.isEmpty() ? data : number + message;
  }

  private static final class Draft implements Json.Fields {
    private String event = "";
    private String channel = "";
    private String data = "";

    @Override
    public void field(String name, Json.Value value) throws MalformedJson {
      switch (name) {
        case "event" -> event = value.literal();
        case "channel" -> channel = value.literal();
        case "data" -> data = value.isString() ? value.literal() : value.compact();
        default -> {}
      }
    }
  }
}
