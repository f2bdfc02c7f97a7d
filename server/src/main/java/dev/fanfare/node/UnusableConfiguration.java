package dev.fanfare.node;

import java.io.IOException;

/// The server cannot start, because what it found outside contradicts its configuration. The
/// message says what to change, without a secret.
public final class UnusableConfiguration extends IOException {

  private static final long serialVersionUID = 1L;

  UnusableConfiguration(String message) {
    super(message);
  }
}
