package dev.fanfare.app;

/// The channels whose events an endpoint does not get: those that match in at least one of three
/// ways. An empty text or pattern matches no channel.
///
/// @param prefix what names begin with
/// @param suffix what names end with
/// @param pattern what whole names look like
public record ExcludedChannels(String prefix, String suffix, ChannelPattern pattern) {

  /// No channel.
  public static final ExcludedChannels NONE = new ExcludedChannels("", "", ChannelPattern.ANY);

  /// True if the events of a channel of that name are not sent.
  public boolean contains(String channel) {
    return (!prefix.isEmpty() && channel.startsWith(prefix))
        || (!suffix.isEmpty() && channel.endsWith(suffix))
        || (!pattern.equals(ChannelPattern.ANY) && pattern.matches(channel));
  }
}
