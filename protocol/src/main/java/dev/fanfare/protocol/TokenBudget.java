package dev.fanfare.protocol;

/// How many names, values and brackets of a JSON document are read: reading one costs more than
/// many bytes of text, so a document of short numbers would cost ten times one long string of the
/// same length. Confined to the thread that reads the document.
final class TokenBudget {

  private String setting;
  private int limit;
  private int left;

  private TokenBudget(int limit, String setting) {
    this.setting = setting;
    this.limit = limit;
    this.left = limit;
  }

  /// @param setting what the limit follows from, for the sender
  static TokenBudget of(int limit, String setting) {
    return new TokenBudget(limit, setting);
  }

  static TokenBudget unlimited() {
    return new TokenBudget(Integer.MAX_VALUE, "");
  }

  /// Leaves at most so many; for a document that turns out to need fewer.
  void reduceTo(int most, String reason) {
    if (most < left) {
      limit -= left - most;
      left = most;
      setting = reason;
    }
  }

  /// Uses up tokens; throws if there are not as many.
  void take(int tokens) throws MalformedJson {
    left -= tokens;
    if (left < 0) {
      throw new MalformedJson(
          "Invalid message: it has at least "
              + (limit - left)
              + " names, values and brackets, the limit is "
              + limit
              + " ("
              + setting
              + ")");
    }
  }
}
