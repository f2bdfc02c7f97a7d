package dev.fanfare.doctor.report;

/// The result of a step, in sentences.
public sealed interface Outcome {

  /// What was found.
  String finding();

  /// No problem; the finding says what was seen.
  record Passed(String finding) implements Outcome {}

  /// It works, but not for all clients or not for long.
  ///
  /// @param remedy what to do
  record Warned(String finding, String remedy) implements Outcome {}

  /// It does not work.
  ///
  /// @param remedy what to do
  /// @param byProxy true if a proxy's configuration is the likely cause
  record Failed(String finding, String remedy, boolean byProxy) implements Outcome {

    public Failed(String finding, String remedy) {
      this(finding, remedy, false);
    }
  }

  /// The step was not run; the finding says why.
  record Skipped(String finding) implements Outcome {}
}
