package dev.fanfare.cluster.sim;

import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Outbound;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Frames as the messages that they contain.
record SimFrames(List<String> texts) implements Frames {

  static SimFrames of(List<Outbound> messages) {
    return new SimFrames(
        messages.stream()
            .map(message -> new String(message.utf8(), StandardCharsets.UTF_8))
            .toList());
  }

  @Override
  public void release() {}
}
