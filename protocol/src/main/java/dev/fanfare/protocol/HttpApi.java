package dev.fanfare.protocol;

import dev.fanfare.protocol.MessageBounds.TokenBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bodies of the HTTP API's publish requests (sections 6.4, 6.5) as sent: types are checked
/// here, limits and names by the caller.
public final class HttpApi {

  private HttpApi() {}

  /// One event for one or more channels. Absent fields are null or empty; an empty string, except
  /// as `data`, counts as absent.
  ///
  /// @param data the string to deliver; a value that was not a string, serialised once
  /// @param channels distinct, in the order sent; `channel` is used if there is no `channels`
  /// @param info requested attributes, comma separated
  /// @param handling what else the publisher asks for
  public record EventRequest(
      @Nullable String name,
      @Nullable String data,
      List<String> channels,
      @Nullable String socketId,
      @Nullable String info,
      Handling handling) {

    /// What a publisher asks for besides the delivery.
    ///
    /// @param keepSeconds as in [Publication], or [#BAD_KEEP] or [#BAD_TTL]
    /// @param idempotencyKey of the event; null if it has none
    public record Handling(int keepSeconds, @Nullable String idempotencyKey) {

      /// Nothing in particular.
      public static final Handling PLAIN = new Handling(Publication.AS_RULED, null);
    }

    /// The longest `ttl`, seconds.
    public static final int MAX_TTL = 31_536_000;

    /// `keep` is neither true nor false.
    public static final int BAD_KEEP = -2;

    /// `ttl` is not a whole number from 1 to [#MAX_TTL].
    public static final int BAD_TTL = -3;

    /// An event that is kept as long as a rule says.
    public EventRequest(
        @Nullable String name,
        @Nullable String data,
        List<String> channels,
        @Nullable String socketId,
        @Nullable String info) {
      this(name, data, channels, socketId, info, Handling.PLAIN);
    }

    /// How long a rule for history may keep it; see [Handling].
    public int keepSeconds() {
      return handling.keepSeconds;
    }

    /// Null if it has none.
    public @Nullable String idempotencyKey() {
      return handling.idempotencyKey;
    }
  }

  /// Several events, each for one channel.
  public record BatchRequest(List<EventRequest> batch) {}

  /// Reads the body of `POST …/events`.
  public static Parsed<EventRequest> readEvent(byte[] body) {
    Draft draft = new Draft();
    try {
      readBody(body, draft);
      return new Parsed.Ok<>(draft.toRequest());
    } catch (MalformedJson e) {
      return new Parsed.Bad<>(e.reason());
    }
  }

  /// Reads the body of `POST …/batch_events`.
  public static Parsed<BatchRequest> readBatch(byte[] body) {
    List<Draft> drafts = new ArrayList<>();
    boolean[] found = new boolean[1];
    try {
      readBody(
          body,
          (name, value) -> {
            if (name.equals("batch")) {
              found[0] = true;
              value.objects(() -> {
                Draft draft = new Draft();
                drafts.add(draft);
                return draft;
              });
            }
          });
    } catch (MalformedJson e) {
      return new Parsed.Bad<>(e.reason());
    }
    return found[0]
        ? new Parsed.Ok<>(new BatchRequest(drafts.stream().map(Draft::toRequest).toList()))
        : new Parsed.Bad<>("Missing required parameter: batch");
  }

  /// Fields that the body lacks may be in the query string (section 6.4).
  public static EventRequest completed(EventRequest body, Query query) {
    return new EventRequest(
        orElse(body.name(), query, "name"),
        body.data() == null ? query.get("data") : body.data(),
        body.channels().isEmpty() ? channels(query) : body.channels(),
        orElse(body.socketId(), query, "socket_id"),
        orElse(body.info(), query, "info"),
        body.handling());
  }

  private static @Nullable String orElse(@Nullable String value, Query query, String name) {
    return value == null ? nonEmpty(query, name) : value;
  }

  /// A parameter of the query string; null if it is absent or empty.
  public static @Nullable String nonEmpty(Query query, String name) {
    String value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static List<String> channels(Query query) {
    List<String> channels = query.all("channels");
    return (channels.isEmpty() ? query.all("channel") : channels).stream().distinct().toList();
  }

  private static void readBody(byte[] body, Json.Fields fields) throws MalformedJson {
    if (!Utf8.isValid(body)) {
      throw new MalformedJson("Invalid JSON: the body is not UTF-8");
    }
    Json.readObject(body, fields, TokenBudget.unlimited());
  }

  private static final class Draft implements Json.Fields {
    private @Nullable String name;
    private @Nullable String data;
    private @Nullable List<String> channels;
    private @Nullable String channel;
    private @Nullable String socketId;
    private @Nullable String info;
    private int keep = Publication.AS_RULED;
    private int ttl = Publication.AS_RULED;
    private @Nullable String idempotencyKey;

    @Override
    public void field(String field, Json.Value value) throws MalformedJson {
      switch (field) {
        case "name" -> name = nonEmpty(value);
        case "data" -> data = value.isString() ? value.string() : data(value);
        case "channels" -> channels = value.isNull() ? null : value.strings();
        case "channel" -> channel = nonEmpty(value);
        case "socket_id" -> socketId = nonEmpty(value);
        case "info" -> info = nonEmpty(value);
        case "keep" -> keep = keep(value);
        case "ttl" -> ttl = ttl(value);
        case "idempotency_key" -> idempotencyKey = value.stringOrNull(); // an empty one is refused
        default -> {}
      }
    }

    /// Some SDKs send an empty string for what is not set.
    private static @Nullable String nonEmpty(Json.Value value) throws MalformedJson {
      String text = value.stringOrNull();
      return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable String data(Json.Value value) throws MalformedJson {
      return value.isNull() ? null : value.compact();
    }

    private static int keep(Json.Value value) throws MalformedJson {
      if (value.isNull()) {
        return Publication.AS_RULED;
      }
      return switch (value.compact()) {
        case "true" -> Publication.AS_RULED;
        case "false" -> 0;
        default -> EventRequest.BAD_KEEP;
      };
    }

    private static int ttl(Json.Value value) throws MalformedJson {
      if (value.isNull()) {
        return Publication.AS_RULED;
      }
      String text = value.isInteger() ? value.literal() : "";
      boolean isNumber = text.matches("[1-9][0-9]{0,7}");
      int seconds = isNumber ? Integer.parseInt(text) : 0;
      return isNumber && seconds <= EventRequest.MAX_TTL ? seconds : EventRequest.BAD_TTL;
    }

    EventRequest toRequest() {
      List<String> names = channels;
      if (names == null) {
        names = channel == null ? List.of() : List.of(channel);
      }
      int keepSeconds = keep == Publication.AS_RULED ? ttl : keep;
      return new EventRequest(
          name,
          data,
          names.size() < 2 ? names : names.stream().distinct().toList(),
          socketId,
          info,
          keepSeconds == Publication.AS_RULED && idempotencyKey == null
              ? EventRequest.Handling.PLAIN
              : new EventRequest.Handling(keepSeconds, idempotencyKey));
    }
  }
}
