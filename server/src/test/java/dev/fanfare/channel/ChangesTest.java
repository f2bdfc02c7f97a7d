package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is decided about a channel is reported to every listener, in order.
final class ChangesTest {

  private static final ChannelName NAME =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("presence-cache-a", 200)).value();

  private static final LiveApp LIVE = new LiveApp(TestNode.APP);

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new);
  private final List<String> reported = new ArrayList<>();

  private Channels channels(ChangeListener... listeners) {
    return new Channels(
        new Lanes(List.of(lane)), new Changes(List.of(listeners)), NanoClock.SYSTEM);
  }

  private Subscription join(Channels channels, FakeSubscriber subscriber, String userId) {
    Member member = new Member(userId, "{}");
    Join join = channels.join(LIVE, NAME, subscriber, member);
    Subscription subscription = ((Join.Joined) join).subscription();
    lane.onJoin(subscription);
    return subscription;
  }

  private void note(Change change) {
    reported.add(change.getClass().getSimpleName());
  }

  @Test
  void firstAndLastAreReportedAroundWhatHappensBetween() {
    Channels channels = channels(this::note);
    Subscription first = join(channels, new FakeSubscriber("1.1", lane), "u");
    assertThat(reported).containsExactly("Occupied", "MemberAdded", "Joined", "CacheMissed");
    reported.clear();
    Subscription second = join(channels, new FakeSubscriber("2.2", lane), "u");
    assertThat(reported).containsExactly("Joined");
    reported.clear();
    channels.leave(first, LeaveCause.CLOSED);
    channels.leave(first, LeaveCause.CLOSED);
    assertThat(reported).containsExactly("Left");
    reported.clear();
    channels.leave(second, LeaveCause.CLOSED);
    assertThat(reported).containsExactly("Left", "MemberRemoved", "Vacated");
  }

  /// Neither the decision, nor other listeners, nor the subscribers notice.
  @Test
  void aListenerThatFailsAffectsNoOther() {
    ChangeListener failing =
        _ -> {
          throw new AssertionError("on purpose");
        };
    Channels channels = channels(failing, this::note);
    FakeSubscriber watcher = new FakeSubscriber("1.1", lane);
    Subscription watching = join(channels, watcher, "w");
    Subscription other = join(channels, new FakeSubscriber("2.2", lane), "u");
    channels.leave(other, LeaveCause.CLOSED);
    lane.onLeave(other);
    loop.runAll();
    assertThat(reported).endsWith("MemberAdded", "Joined", "Left", "MemberRemoved");
    assertThat(watcher.received).hasSize(2);
    assertThat(watcher.received.getFirst()).contains("member_added");
    assertThat(watcher.received.getLast()).contains("member_removed");
    channels.leave(watching, LeaveCause.CLOSED);
    assertThat(reported).endsWith("Left", "MemberRemoved", "Vacated");
    assertThat(channels.find(TestNode.APP, NAME.value())).isNull();
  }
}
