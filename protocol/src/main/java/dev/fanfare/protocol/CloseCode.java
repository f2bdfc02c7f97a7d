package dev.fanfare.protocol;

/// The close codes that this server sends, grouped by how clients react (section 1.5). Any other
/// code sends some client into a retry loop or leaves it disconnected, so there are no others.
public enum CloseCode {
  /// RFC 6455: the server stops, or the client closed first.
  NORMAL(1000),
  GOING_AWAY(1001),
  PROTOCOL_ERROR(1002),
  UNSUPPORTED_DATA(1003),
  INVALID_PAYLOAD(1007),
  MESSAGE_TOO_BIG(1009),
  /// 4000–4099: the client must not reconnect unchanged.
  TLS_REQUIRED(4000),
  APP_UNKNOWN(4001),
  APP_DISABLED(4003),
  OVER_CONNECTION_QUOTA(4004),
  PATH_NOT_FOUND(4005),
  INVALID_VERSION(4006),
  UNSUPPORTED_PROTOCOL(4007),
  PROTOCOL_MISSING(4008),
  UNAUTHORIZED(4009),
  /// 4100–4199: reconnect after backing off.
  OVER_CAPACITY(4100),
  /// 4200–4299: reconnect at once; never before `connection_established`.
  RECONNECT(4200),
  PONG_MISSING(4201);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /// True for the codes of the Pusher protocol, which are preceded by `pusher:error`.
  public boolean isPusher() {
    return code >= 4000;
  }
}
