package dev.fanfare.app;

import dev.fanfare.protocol.Signature;

/// An app's secret and its prepared signing state. Prints as stars, so that logs cannot leak it.
public final class Secret {

  private final String text;
  private final Signature signature;

  public Secret(String text) {
    this.text = text;
    this.signature = Signature.ofSecret(text);
  }

  /// Signs and verifies with this secret; thread-safe.
  public Signature signature() {
    return signature;
  }

  /// The secret as text, for the snippets that the user must paste.
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && that.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "********";
  }
}
