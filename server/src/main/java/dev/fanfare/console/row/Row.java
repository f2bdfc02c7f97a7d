package dev.fanfare.console.row;

import dev.fanfare.budget.Share;
import dev.fanfare.observe.SecretMask;
import dev.fanfare.protocol.Origin;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that happened to an app, as it is shown in a line. Holds texts and numbers only, so
/// that it keeps no connection in memory.
public sealed interface Row {

  /// What the row is about.
  enum Kind {
    CONNECT,
    CLOSE,
    REFUSE,
    SUBSCRIBE,
    UNSUBSCRIBE,
    SIGNIN,
    PUBLISH,
    CLIENT_EVENT,
    DROP,
    WEBHOOK,
    QUOTA,
    OCCUPIED,
    VACATED,
    MEMBER,
    REQUEST,
    RELOAD;

    /// The name in JSON and filters.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Characters of a text that a peer has chosen or caused.
  int MAX_CHARS = 600;

  /// The beginning of a text.
  static String cut(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1));
    return text.substring(0, splitsPair ? MAX_CHARS - 1 : MAX_CHARS) + "…";
  }

  /// The text without secrets.
  static String masked(SecretMask mask, String text) {
    return mask.mask(text, text.length());
  }

  private static @Nullable String maskedOrNull(SecretMask mask, @Nullable String text) {
    return text == null ? null : masked(mask, text);
  }

  Kind kind();

  /// On the clock of rows.
  long atNs();

  /// The id of the app.
  String app();

  /// Null if it is about none, as with the next four.
  default @Nullable String channel() {
    return null;
  }

  default @Nullable String event() {
    return null;
  }

  default @Nullable String socket() {
    return null;
  }

  default @Nullable String user() {
    return null;
  }

  default @Nullable String address() {
    return null;
  }

  /// An event was published.
  record Published(EventTrace trace) implements Row {
    @Override
    public Kind kind() {
      return trace.origin == Origin.CLIENT ? Kind.CLIENT_EVENT : Kind.PUBLISH;
    }

    @Override
    public long atNs() {
      return trace.atNs;
    }

    @Override
    public String app() {
      return trace.app;
    }

    @Override
    public String channel() {
      return trace.channel;
    }

    @Override
    public String event() {
      return trace.event;
    }

    @Override
    public @Nullable String socket() {
      return trace.origin == Origin.CLIENT ? trace.exceptSocketId : null;
    }

    @Override
    public @Nullable String user() {
      return trace.userId;
    }

    @Override
    public @Nullable String address() {
      return trace.address();
    }
  }

  /// A connection was established.
  record Opened(long atNs, String app, String socket, String address) implements Row {
    @Override
    public Kind kind() {
      return Kind.CONNECT;
    }
  }

  /// A connection ended.
  record Closed(long atNs, String app, String socket, String address, int code, String reason)
      implements Row {
    @Override
    public Kind kind() {
      return Kind.CLOSE;
    }
  }

  /// A subscription began or ended.
  record Membership(long atNs, String app, String socket, String channel, boolean isJoin)
      implements Row {
    @Override
    public Kind kind() {
      return isJoin ? Kind.SUBSCRIBE : Kind.UNSUBSCRIBE;
    }
  }

  /// A client signed in.
  record SignedIn(long atNs, String app, String socket, String user) implements Row {
    @Override
    public Kind kind() {
      return Kind.SIGNIN;
    }
  }

  /// Who asked for what.
  ///
  /// @param what connection, subscription, message or request
  /// @param request method and path; null unless it is a request
  record Asked(
      String what,
      @Nullable String socket,
      @Nullable String channel,
      @Nullable String request,
      @Nullable String address) {

    private Asked masked(SecretMask mask) {
      return new Asked(
          what, socket, maskedOrNull(mask, channel), maskedOrNull(mask, request), address);
    }
  }

  /// What was signed, other than what [Asked] says.
  ///
  /// @param auth of a subscription: key and signature as sent; empty for a request
  /// @param signed `channel_data` of a subscription, null if there was none; the raw query of a
  ///   request
  /// @param bytes of the heap that are reserved for it
  record Evidence(String auth, @Nullable String signed, long bytes) {

    /// Characters of both that are kept.
    private static final int MAX_CHARS = 2_048;

    /// The evidence; null if there is none, if it is too long to be kept, or if there is no memory.
    public static @Nullable Evidence of(String auth, @Nullable String signed, Share share) {
      int chars = auth.length() + (signed == null ? 0 : signed.length());
      long bytes = 2L * chars;
      return chars == 0 || chars > MAX_CHARS || !share.reserve(bytes)
          ? null
          : new Evidence(auth, signed, bytes);
    }

    private Evidence masked(SecretMask mask) {
      return new Evidence(Row.masked(mask, auth), maskedOrNull(mask, signed), bytes);
    }
  }

  /// Something was refused.
  ///
  /// @param status an HTTP status, a code of `pusher:error` or a close code; 0 if there is none
  /// @param evidence null unless a signature was not right, or if it was too long to be kept
  record Refused(
      long atNs, String app, Asked asked, int status, String reason, @Nullable Evidence evidence)
      implements Row {

    /// The same without its evidence, for those who do not look at it.
    public Refused plain() {
      return evidence == null ? this : new Refused(atNs, app, asked, status, reason, null);
    }

    /// It is forgotten.
    public void release(Share share) {
      if (evidence != null) {
        share.release(evidence.bytes());
      }
    }

    /// The same without secrets, which clients send in place of a key or a signature.
    public Refused masked(SecretMask mask) {
      Evidence shown = evidence == null ? null : evidence.masked(mask);
      return new Refused(atNs, app, asked.masked(mask), status, Row.masked(mask, reason), shown);
    }

    @Override
    public Kind kind() {
      return Kind.REFUSE;
    }

    @Override
    public @Nullable String channel() {
      return asked.channel();
    }

    @Override
    public @Nullable String socket() {
      return asked.socket();
    }

    @Override
    public @Nullable String address() {
      return asked.address();
    }
  }

  /// A client that reads too slowly has missed events.
  record Dropped(long atNs, String app, String socket, int events) implements Row {
    @Override
    public Kind kind() {
      return Kind.DROP;
    }
  }

  /// What has become of webhooks.
  ///
  /// @param endpoint its URL without what may be secret; empty if it was not known yet
  /// @param outcome delivered, retried, dead or dropped
  /// @param count events, or attempts of one that is retried
  record Webhook(long atNs, String app, String endpoint, String outcome, int count, String reason)
      implements Row {

    /// The outcome of what an endpoint has accepted.
    public static final String DELIVERED = "delivered";

    boolean isDelivered() {
      return outcome.equals(DELIVERED);
    }

    @Override
    public Kind kind() {
      return Kind.WEBHOOK;
    }
  }

  /// A request was refused because the app has reached a limit.
  record Limited(long atNs, String app, String quota) implements Row {
    @Override
    public Kind kind() {
      return Kind.QUOTA;
    }
  }

  /// A channel has its first subscriber, or has lost its last one, on all nodes together.
  record Occupancy(long atNs, String app, String channel, boolean isOccupied) implements Row {
    @Override
    public Kind kind() {
      return isOccupied ? Kind.OCCUPIED : Kind.VACATED;
    }
  }

  /// A user has joined or left a presence channel, on all nodes together.
  record MemberChange(long atNs, String app, String channel, String user, boolean isAdded)
      implements Row {
    @Override
    public Kind kind() {
      return Kind.MEMBER;
    }
  }

  /// A request of the HTTP API was answered.
  ///
  /// @param route the endpoint, with placeholders for what clients choose
  /// @param tookNs from the complete request to the response; negative if it was not read
  record Request(long atNs, String app, String route, int status, long tookNs) implements Row {
    @Override
    public Kind kind() {
      return Kind.REQUEST;
    }
  }

  /// The configuration was reloaded.
  ///
  /// @param isApplied false if it was rejected, so that the former one stays
  record Reload(long atNs, String app, boolean isApplied) implements Row {
    @Override
    public Kind kind() {
      return Kind.RELOAD;
    }
  }
}
