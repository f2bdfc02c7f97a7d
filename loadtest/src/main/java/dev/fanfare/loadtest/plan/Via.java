package dev.fanfare.loadtest.plan;

/// How events enter the server.
public enum Via {
  /// Signed `POST /apps/ID/events`.
  HTTP,
  /// `client-…` events on a private channel.
  CLIENT_EVENT;

  /// As written on the command line.
  @Override
  public String toString() {
    return this == HTTP ? "http" : "client-event";
  }
}
