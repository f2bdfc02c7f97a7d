package dev.fanfare.history.shared;

import java.io.Serial;

/// The engine that keeps events cannot be used at present. The message says why, without a secret.
public final class StreamsUnavailable extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /// @param reason a part of a sentence
  public StreamsUnavailable(String reason) {
    super(reason, null, false, false);
  }
}
