package dev.fanfare.http;

/// Who may call an endpoint.
enum Access {
  /// Everyone, so its response contains nothing confidential.
  OPEN,
  /// Those who sign the request with the secret of the app that it concerns.
  SIGNED,
  /// Those who sign the request with the key of an operator. There are no such keys yet, so these
  /// requests are refused.
  OPERATOR
}
