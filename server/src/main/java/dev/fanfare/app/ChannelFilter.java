package dev.fanfare.app;

import io.soabase.recordbuilder.core.RecordBuilder;

/// Selects channels: those that match in all three ways.
///
/// @param prefix what names begin with; empty for anything
/// @param suffix what names end with; empty for anything
/// @param pattern what whole names look like
@RecordBuilder
public record ChannelFilter(String prefix, String suffix, ChannelPattern pattern)
    implements ChannelFilterBuilder.With {

  /// Every channel.
  public static final ChannelFilter ALL = new ChannelFilter("", "", ChannelPattern.ANY);

  /// True if a channel of that name is selected.
  public boolean matches(String channel) {
    return channel.startsWith(prefix) && channel.endsWith(suffix) && pattern.matches(channel);
  }
}
