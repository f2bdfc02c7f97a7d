package dev.fanfare.loadtest.plan;

/// A run that cannot start or go on, as one sentence for the person who asked for it. Expected, so
/// it carries no stack trace.
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param sentence one full stop at its end is enough: a server's own words may bring another
  public Refusal(String sentence) {
    super(sentence.replaceFirst("[.?!]\\.$", "."), null, false, false);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
