package dev.fanfare.loadtest.plan;

/// A run that cannot start or go on, as one sentence for the person who asked for it. Expected, so
/// it carries no stack trace.
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public Refusal(String sentence) {
    super(sentence, null, false, false);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
