package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;

/// Changes of channels without subscribers, for tests of what listens to them.
public final class SampleChanges {

  private SampleChanges() {}

  public static Change occupied(App app, String channel) {
    return new Change.Occupied(app, channel(app, channel));
  }

  public static Change vacated(App app, String channel) {
    return new Change.Vacated(app, channel(app, channel));
  }

  public static Change memberAdded(App app, String channel, String userId) {
    return new Change.MemberAdded(app, channel(app, channel), new Member(userId, "{}"), 1, 0);
  }

  public static Change memberRemoved(App app, String channel, String userId) {
    return new Change.MemberRemoved(app, channel(app, channel), new Member(userId, "{}"), 0, 0);
  }

  public static Change cacheMissed(App app, String channel) {
    return new Change.CacheMissed(app, channel(app, channel));
  }

  private static Channel channel(App app, String channel) {
    Parsed<ChannelName> name = ChannelName.parse(channel, app.limits().maxChannelNameChars());
    return new Channel(new LiveApp(app), ((Parsed.Ok<ChannelName>) name).value(), 1);
  }
}
