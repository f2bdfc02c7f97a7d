package dev.fanfare.history.segment;

import java.io.IOException;

/// The file that a process left for the next one is not as it was written.
public final class DamagedRestartFile extends IOException {

  private static final long serialVersionUID = 1;

  DamagedRestartFile(String problem) {
    super(problem);
  }
}
