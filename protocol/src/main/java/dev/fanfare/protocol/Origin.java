package dev.fanfare.protocol;

/// The source of an event.
public enum Origin {
  /// An app's server, over the HTTP API.
  HTTP,
  /// A client, over its connection.
  CLIENT
}
