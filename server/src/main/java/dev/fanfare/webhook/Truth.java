package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.protocol.Member;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What is true of channels now, on all nodes, to be compared with what was reported. Any thread.
record Truth(Channels channels) {

  boolean isOccupied(App app, String channel) {
    Channel found = channels.find(app, channel);
    return found != null && found.isOccupied();
  }

  /// The ids of the users of a presence channel.
  Set<String> members(App app, String channel) {
    return channels.members(app, channel).stream().map(Member::userId).collect(Collectors.toSet());
  }

  /// @param userId empty: the channel itself
  boolean isPresent(App app, String channel, String userId) {
    return isOccupied(app, channel) && (userId.isEmpty() || members(app, channel).contains(userId));
  }

  /// Another node has no event for a new subscriber of a cache channel.
  ///
  /// @return false if that was reported since the channel kept one
  boolean reportMiss(App app, String channel) {
    Channel found = channels.find(app, channel);
    return found == null || found.reportMiss();
  }

  /// The names of all occupied channels of an app.
  void forEachOccupied(App app, Consumer<String> visitor) {
    channels.forEachOccupied(app, channel -> visitor.accept(channel.name().value()));
  }
}
