package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Secret;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.Audiences;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A lane that a test runs turn by turn, and what it takes to publish to its subscribers.
public abstract class OneLane {

  /// Without subscription counts, so that only the events of a test are delivered.
  protected static final App APP =
      new App("1", "key", new Secret("secret"), AppOptions.DEFAULTS, Limits.HOSTED);

  protected static final LiveApp LIVE = new LiveApp(APP);

  protected static final long MAX_BYTES = 100_000_000;

  protected final InlineLoop loop = new InlineLoop();
  protected final Lane lane =
      new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new, MAX_BYTES);
  protected final Lanes lanes = new Lanes(List.of(lane));
  protected final Channels channels = new Channels(lanes, Changes.NONE, new ManualClock());
  protected final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), Changes.NONE, ServerListener.NONE);

  @BeforeEach
  void countFrames() {
    FakeSubscriber.TextFrames.open = 0;
  }

  @AfterEach
  void everyFrameWasReleased() {
    loop.runAll();
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }

  protected FakeSubscriber subscriber(String socketId) {
    return new FakeSubscriber(socketId, lane);
  }

  protected void join(String channel, FakeSubscriber subscriber) {
    var _ = join(channel, subscriber, null);
  }

  protected Subscription join(String channel, FakeSubscriber subscriber, @Nullable Member member) {
    Join.Joined joined = (Join.Joined) channels.join(LIVE, name(channel), subscriber, member);
    lane.onJoin(joined.subscription());
    return joined.subscription();
  }

  protected boolean publish(String channel, String event, @Nullable String except) {
    return publish(channel, event, except, "x");
  }

  protected boolean publish(String channel, String event, @Nullable String except, String data) {
    return publisher.publish(
            LIVE, List.of(new Publication(name(channel), event, data, null, except, Origin.HTTP)))
        instanceof Parsed.Ok;
  }

  protected boolean sendClientEvent(String channel, String data) {
    return publisher.publish(
            LIVE,
            List.of(new Publication(name(channel), "client-e", data, null, "9.9", Origin.CLIENT)))
        instanceof Parsed.Ok;
  }

  protected static ChannelName name(String channel) {
    return ((Parsed.Ok<ChannelName>)
            ChannelName.parse(channel, Limits.HOSTED.maxChannelNameChars()))
        .value();
  }

  /// The place of a fact among those of its channel.
  protected static long nextSequence(Audiences channel) {
    return ((Channel) channel).nextSequence();
  }

  /// The names of the application's events, in the order received.
  protected static List<String> events(FakeSubscriber subscriber) {
    return subscriber.received.stream()
        .filter(text -> !text.contains("pusher_internal"))
        .map(text -> text.substring(10, text.indexOf('"', 10)))
        .toList();
  }

  /// How many have received something.
  protected static int served(List<FakeSubscriber> subscribers) {
    return (int) subscribers.stream().filter(s -> !s.received.isEmpty()).count();
  }
}
