package dev.fanfare.protocol;

/// Names of the protocol's own events and the prefixes that are reserved (sections 1.3 to 5).
public final class EventName {

  public static final String CONNECTION_ESTABLISHED = "pusher:connection_established";
  public static final String ERROR = "pusher:error";
  public static final String PING = "pusher:ping";
  public static final String PONG = "pusher:pong";
  public static final String SUBSCRIBE = "pusher:subscribe";
  public static final String UNSUBSCRIBE = "pusher:unsubscribe";
  public static final String SIGNIN = "pusher:signin";
  public static final String SIGNIN_SUCCESS = "pusher:signin_success";
  public static final String SUBSCRIPTION_ERROR = "pusher:subscription_error";
  public static final String CACHE_MISS = "pusher:cache_miss";
  public static final String SUBSCRIPTION_SUCCEEDED = "pusher_internal:subscription_succeeded";
  public static final String SUBSCRIPTION_COUNT = "pusher_internal:subscription_count";
  public static final String MEMBER_ADDED = "pusher_internal:member_added";
  public static final String MEMBER_REMOVED = "pusher_internal:member_removed";
  public static final String WATCHLIST_EVENTS = "pusher_internal:watchlist_events";

  /// A subscriber that came back cannot get everything that it has missed.
  public static final String GAP = "fanfare:gap";

  /// The same on encrypted channels, in the only form that all clients survive.
  public static final String ENCRYPTED_GAP = "pusher:fanfare_gap";

  private static final String CLIENT_PREFIX = "client-";

  private EventName() {}

  /// True for an event that a client sends to other clients.
  public static boolean isClientEvent(String name) {
    return name.startsWith(CLIENT_PREFIX);
  }

  /// True for a name that only the server itself may send.
  public static boolean isReserved(String name) {
    return name.startsWith("pusher:") || name.startsWith("pusher_internal:");
  }
}
