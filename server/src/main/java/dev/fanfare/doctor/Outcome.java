package dev.fanfare.doctor;

/// How a step ended, in sentences for people.
public sealed interface Outcome {

  /// What was found.
  String finding();

  /// All is well; the finding says what was seen.
  record Passed(String finding) implements Outcome {}

  /// It works, but not for everybody or not for long.
  ///
  /// @param remedy what to do
  record Warned(String finding, String remedy) implements Outcome {}

  /// It does not work.
  ///
  /// @param remedy what to do
  /// @param byProxy true if a proxy's configuration is likely to be the cause
  record Failed(String finding, String remedy, boolean byProxy) implements Outcome {

    Failed(String finding, String remedy) {
      this(finding, remedy, false);
    }
  }

  /// It was not tried; the finding says why.
  record Skipped(String finding) implements Outcome {}
}
