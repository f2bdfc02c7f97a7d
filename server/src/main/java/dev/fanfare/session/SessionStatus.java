package dev.fanfare.session;

import org.jspecify.annotations.Nullable;

/// What is known about an open connection.
///
/// @param openedAtNs on the server's monotonic clock
/// @param subscriptions of the connection
/// @param unconfirmed subscriptions with kept events that the client has not confirmed
/// @param confirmedAtNs when the client last confirmed events; null if it never did
public record SessionStatus(
    long openedAtNs, int subscriptions, int unconfirmed, @Nullable Long confirmedAtNs) {

  /// On the lane of the session.
  static SessionStatus of(Session session) {
    Acknowledgement acknowledgement = session.acknowledgement();
    long openedAtNs = session.openedAtNs();
    int subscriptions = session.subscriptionCount();
    return acknowledgement == null
        ? new SessionStatus(openedAtNs, subscriptions, 0, null)
        : acknowledgement.status(openedAtNs, subscriptions);
  }
}
