package dev.fanfare.protocol;

/// The outcome of reading something that a stranger sent: a value, or the sentence that says what
/// is wrong with it. Used instead of an exception wherever bad input is an everyday event.
public sealed interface Parsed<T> {

  /// The input was good.
  record Ok<T>(T value) implements Parsed<T> {}

  /// The input was not; `reason` is written for whoever sent it.
  record Bad<T>(String reason) implements Parsed<T> {}
}
