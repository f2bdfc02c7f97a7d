package dev.fanfare.protocol;

/// Text that is not the JSON that was expected; the message says where and why. Carries no stack
/// trace: it is thrown for every bad frame and must stay cheap.
public final class MalformedJson extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedJson(String message) {
    super(message, null, false, false);
  }

  /// The sentence for the sender.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
