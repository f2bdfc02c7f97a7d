package dev.fanfare.channel;

/// The last event of a cache channel (section 5).
///
/// @param expiresAtNs on the server's monotonic clock
public record CachedEvent(String event, String data, long expiresAtNs) {

  boolean isExpired(long nowNs) {
    return nowNs - expiresAtNs >= 0;
  }
}
