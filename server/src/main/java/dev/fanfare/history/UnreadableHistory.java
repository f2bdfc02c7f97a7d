package dev.fanfare.history;

/// What a channel keeps cannot be read at present.
public final class UnreadableHistory extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnreadableHistory(String message, Throwable cause) {
    super(message, cause);
  }
}
