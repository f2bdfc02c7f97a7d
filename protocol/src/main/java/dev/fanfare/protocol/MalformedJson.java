package dev.fanfare.protocol;

/// Thrown for text that is not the expected JSON; the message gives the reason. Has no stack trace,
/// since it is thrown for every bad frame and must be cheap.
public final class MalformedJson extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedJson(String message) {
    super(message, null, false, false);
  }

  /// The reason, addressed to the sender.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
