package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import java.io.IOException;

/// The work of one step.
public interface Check {

  Step step();

  /// Runs the step and returns what it found. Blocks until `deadline` at most.
  ///
  /// @throws IOException if a connection fails in a way that the check cannot explain better
  Outcome run(Visit visit, Deadline deadline) throws IOException;

  /// Seconds that this step may take in addition to the usual limit.
  default long extraSeconds(DoctorOptions options) {
    return 0;
  }
}
