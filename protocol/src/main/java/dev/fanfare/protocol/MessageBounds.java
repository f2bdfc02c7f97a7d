package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How large a client's message may be, by its event, before anything else of it is read. Far above
/// what clients send whose values are within the app's limits, even if they escape every character;
/// so that a stranger cannot make the server parse, and hash for its signature, whatever fits into
/// a frame.
final class MessageBounds {

  /// Up to this many bytes no message is too large.
  private static final int SMALL = 8_192;

  /// Up to this many bytes an event name is decoded, however long it is.
  private static final int LARGE = 32_768;

  /// The bytes of one character that is escaped twice, the backslash again, and one to spare.
  private static final int TWICE_ESCAPED = 8;

  /// The bytes of one character that is escaped by its number.
  private static final int ESCAPED = 6;

  /// Names of fields, an event, a channel and a signature, and whatever else a client adds.
  private static final int AROUND_EVENT = 8_192;

  private static final int AROUND_SUBSCRIPTION = 16_384;

  /// Names, values and brackets of a command, and of an event besides its data.
  private static final int MAX_COMMAND_TOKENS = 1_024;

  private static final String OF_SUBSCRIPTION = "max_presence_member_bytes";
  private static final String OF_SIGN_IN = "max_presence_member_bytes and max_watchlist";
  private static final String OF_EVENT = "max_event_bytes";
  private static final String FIXED = "not configurable";

  /// The bytes of a user id in a watchlist, with its quotes and comma.
  private static final int WATCHED = 2 * (Limits.MAX_SIGNIN_ID_CHARS + 5);

  /// Bytes of an event name beyond those of the longest valid one, to be sure that it is too long.
  private static final int LONG_NAME = 1_024;

  private final byte[] utf8;
  private final Limits limits;

  /// @param utf8 the message
  MessageBounds(byte[] utf8, Limits limits) {
    this.utf8 = utf8;
    this.limits = limits;
  }

  /// The beginning of an event name that is far too long to be valid, if the message is large, so
  /// that a name that fills the whole message need not be decoded; null for any other.
  ///
  /// @param name not read yet
  @Nullable String beginningOfLongName(Json.Value name) {
    if (utf8.length <= LARGE) {
      return null;
    }
    int most = capped((long) ESCAPED * limits.maxEventNameChars() + LONG_NAME);
    int first = name.start() + 1;
    if (utf8.length - first <= most || utf8[first - 1] != '"') {
      return null;
    }
    for (int i = first; i < first + most; i++) {
      if (utf8[i] == '"') {
        return null;
      }
      if (utf8[i] == '\\') {
        i++;
      }
    }
    return new String(utf8, first, LONG_NAME, StandardCharsets.UTF_8);
  }

  /// The longest data of a client event.
  int maxDataBytes() {
    return limits.maxEventBytes();
  }

  /// For a message whose event is not known yet.
  TokenBudget budget() {
    return TokenBudget.of(capped((long) limits.maxEventBytes() + MAX_COMMAND_TOKENS), OF_EVENT);
  }

  /// For a command, or for the data of one, which has few fields.
  static TokenBudget commandBudget() {
    return TokenBudget.of(MAX_COMMAND_TOKENS, FIXED);
  }

  /// Reduces a budget for an event whose data matters little.
  static void reduce(TokenBudget budget) {
    budget.reduceTo(MAX_COMMAND_TOKENS, FIXED);
  }

  /// @throws MalformedJson if the message is too large for its event
  void check(String event) throws MalformedJson {
    if (utf8.length <= SMALL) {
      return;
    }
    switch (event) {
      case EventName.SUBSCRIBE, EventName.UNSUBSCRIBE -> check(maxSubscription(), OF_SUBSCRIPTION);
      case EventName.SIGNIN -> check(maxSignIn(), OF_SIGN_IN);
      case EventName.PING, EventName.PONG -> {}
      default -> check(maxEvent(), OF_EVENT);
    }
  }

  private void check(int limit, String setting) throws MalformedJson {
    if (utf8.length > limit) {
      throw new MalformedJson(
          "The message has "
              + utf8.length
              + " bytes, the limit for its event is "
              + limit
              + " (follows from "
              + setting
              + ")");
    }
  }

  private int maxSubscription() {
    long chars =
        (long) limits.maxPresenceMemberBytes()
            + limits.maxUserIdChars()
            + limits.maxChannelNameChars();
    return capped(chars * TWICE_ESCAPED + AROUND_SUBSCRIPTION);
  }

  private int maxSignIn() {
    return capped(maxSubscription() + (long) limits.maxWatchlist() * WATCHED);
  }

  private int maxEvent() {
    long chars = (long) limits.maxEventBytes() + limits.maxEventNameChars();
    return capped(chars * ESCAPED + AROUND_EVENT);
  }

  private static int capped(long limit) {
    return (int) Math.min(Integer.MAX_VALUE, limit);
  }

  /// How many names, values and brackets of a JSON document are read: reading one costs more than
  /// many bytes of text, so a document of short numbers would cost ten times one long string of the
  /// same length. Confined to the thread that reads the document.
  static final class TokenBudget {

    private String setting;
    private int limit;
    private int left;

    private TokenBudget(int limit, String setting) {
      this.setting = setting;
      this.limit = limit;
      this.left = limit;
    }

    /// @param setting what the limit follows from, for the sender
    static TokenBudget of(int limit, String setting) {
      return new TokenBudget(limit, setting);
    }

    static TokenBudget unlimited() {
      return new TokenBudget(Integer.MAX_VALUE, "");
    }

    /// Leaves at most so many; for a document that turns out to need fewer.
    void reduceTo(int most, String reason) {
      if (most < left) {
        limit -= left - most;
        left = most;
        setting = reason;
      }
    }

    /// Uses up tokens; throws if there are not as many.
    void take(int tokens) throws MalformedJson {
      left -= tokens;
      if (left < 0) {
        throw new MalformedJson(
            "Invalid message: it has at least "
                + (limit - left)
                + " names, values and brackets, the limit is "
                + limit
                + " ("
                + setting
                + ")");
      }
    }
  }
}
