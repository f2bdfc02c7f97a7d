package dev.fanfare.loadtest.plan;

/// A run that cannot start or continue, as one sentence for the user. Expected, so it carries no
/// stack trace.
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean usage;

  /// @param sentence may end with two full stops, of which one is removed: a quoted text may bring
  ///   its own
  public Refusal(String sentence) {
    this(sentence, false);
  }

  private Refusal(String sentence, boolean usage) {
    super(sentence.replaceFirst("[.?!]\\.$", "."), null, false, false);
    this.usage = usage;
  }

  /// A refusal of the command line, whatever the state of server and machine.
  public static Refusal usage(String sentence) {
    return new Refusal(sentence, true);
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }

  /// True if the command line is wrong.
  public boolean isUsage() {
    return usage;
  }
}
