package dev.fanfare.protocol;

/// The result of parsing untrusted input: a value, or the reason why it is invalid. Used instead of
/// an exception where bad input is common.
public sealed interface Parsed<T> {

  /// The input is valid.
  record Ok<T>(T value) implements Parsed<T> {}

  /// The input is invalid; `reason` is addressed to its sender.
  record Bad<T>(String reason) implements Parsed<T> {}
}
