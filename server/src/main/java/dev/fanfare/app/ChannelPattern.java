package dev.fanfare.app;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression for whole channel names, in RE2's syntax. Clients choose channel names, and
/// RE2 takes linear time, whatever the expression.
public final class ChannelPattern {

  /// Matches every name.
  public static final ChannelPattern ANY = new ChannelPattern("", null);

  private final String text;
  private final @Nullable Pattern pattern;

  private ChannelPattern(String text, @Nullable Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /// Parses an expression; null if it is invalid. An empty one is [#ANY].
  public static @Nullable ChannelPattern parse(String text) {
    try {
      return text.isEmpty() ? ANY : new ChannelPattern(text, Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  /// True if the expression matches the whole name.
  public boolean matches(String channel) {
    return pattern == null || pattern.matches(channel);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelPattern that && that.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// The expression as it was written.
  @Override
  public String toString() {
    return text;
  }
}
