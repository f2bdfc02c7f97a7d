package dev.fanfare.doctor;

import java.io.IOException;

/// What is done in one step.
interface Check {

  Step step();

  /// Looks, and says what was found. Blocks until `deadline` at most.
  ///
  /// @throws IOException if a connection fails in a way that the check has no better words for
  Outcome run(Visit visit, Deadline deadline) throws IOException;

  /// Seconds that this step may take beyond the usual limit.
  default long extraSeconds(DoctorOptions options) {
    return 0;
  }
}
