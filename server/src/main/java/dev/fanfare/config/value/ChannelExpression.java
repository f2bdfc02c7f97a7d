package dev.fanfare.config.value;

import dev.fanfare.app.ChannelPattern;
import org.jspecify.annotations.Nullable;

/// A regular expression for channel names.
public record ChannelExpression() implements Kind<ChannelPattern> {

  @Override
  public String allowed() {
    return "empty or a regular expression (RE2) for whole channel names";
  }

  @Override
  public @Nullable ChannelPattern parse(String text) {
    return ChannelPattern.parse(text);
  }
}
