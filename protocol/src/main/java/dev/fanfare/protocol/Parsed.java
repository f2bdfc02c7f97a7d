package dev.fanfare.protocol;

/// The result of parsing or checking something: a value, or the reason why there is none. Used
/// instead of an exception where failure is common, and where the caller decides what follows.
public sealed interface Parsed<T> {

  /// The result of a check that finds nothing wrong. A constant, so success allocates nothing.
  Parsed<Passed> PASSED = new Ok<>(Passed.PASSED);

  /// The input is valid.
  record Ok<T>(T value) implements Parsed<T> {}

  /// The input is invalid; `reason` is addressed to its sender, or to the operator.
  record Bad<T>(String reason) implements Parsed<T> {}

  /// What a check yields when it has no other value.
  enum Passed {
    /// Nothing is wrong.
    PASSED
  }
}
