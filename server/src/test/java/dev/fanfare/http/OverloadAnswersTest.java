package dev.fanfare.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Secret;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Join;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscriber;
import dev.fanfare.http.once.LocalKeys;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.Query;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.SocketlessSubscriber;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Publishing while a lane falls behind: 503 with `Retry-After`, and nothing is published. The test
/// runs the lane's loop, and only at the end.
final class OverloadAnswersTest {

  private static final App APP =
      new App(
          "3",
          "k",
          new Secret("s"),
          AppOptions.DEFAULTS,
          Limits.HOSTED.withMaxHttpEventsPerSecond(2));

  private static final LiveApp LIVE = new LiveApp(APP);

  /// Messages that may be queued for one lane.
  private static final int ROOM = 65_536;

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, messages -> () -> {});
  private final Lanes lanes = new Lanes(List.of(lane));
  private final Channels channels = new Channels(lanes, Changes.NONE, () -> 1);
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), Changes.NONE, ServerListener.NONE);
  private final Shedding shedding = new Shedding();
  private final Quotas quotas = new Quotas(() -> 1, ServerListener.NONE);
  private final EventsApi api =
      new EventsApi(
          publisher,
          new LocalKeys(new Share("idempotency", "", 1 << 20), () -> 1, ServerListener.NONE),
          quotas,
          new Info(channels, () -> 1, new LocalBus()),
          ServerListener.NONE,
          shedding,
          null);
  private final Subscriber subscriber =
      new SocketlessSubscriber("1.1", lane) {
        @Override
        public boolean onDeliver(Frames frames) {
          return true;
        }
      };

  @BeforeEach
  void fillTheLane() {
    ChannelName name = name("full");
    if (channels.join(LIVE, name, subscriber, null) instanceof Join.Joined joined) {
      lane.onJoin(joined.subscription());
    }
    List<Publication> event = List.of(new Publication(name, "e", "1", null, null, Origin.HTTP));
    for (int i = 0; i < ROOM; i++) {
      assertThat(publisher.publish(LIVE, event)).isEqualTo(Parsed.PASSED);
    }
  }

  private static ChannelName name(String name) {
    return switch (ChannelName.parse(name, 200)) {
      case Parsed.Ok<ChannelName> ok -> ok.value();
      case Parsed.Bad<ChannelName> bad -> throw new AssertionError(bad.reason());
    };
  }

  private Response send(String kind, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Request request =
        new Request("POST", "/apps/1/events", "", body, Request.Headers.NONE, () -> "127.0.0.1:1");
    Answer answer =
        switch (kind) {
          case "events" -> api.publish(LIVE, Query.parse(""), request);
          case "batch" -> api.publishBatch(LIVE, request);
          default -> api.publishLegacy(LIVE, "full", Query.parse("name=e"), request);
        };
    return answer.now();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          events | {"name":"e","channel":"full","data":"1"} | 200
          events | {"name":"e","channels":["cache-free","full"],"data":"1"} | 200
          batch | {"batch":[{"name":"e","channel":"cache-free","data":"1"},{"name":"e","channel":"full","data":"1"}]} | 200
          old | 1 | 202
          """)
  void publishersGet503AndNothingIsPublishedOrCounted(String kind, String body, int status) {
    Response refused = send(kind, body);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.reason())
        .isEqualTo(
            "Over capacity: too many events are waiting for delivery; 65536 events wait for a"
                + " lane, the limit is 65536");
    assertThat(refused.headers()).containsEntry("Retry-After", "1");
    assertThat(channels.kept(APP, "cache-free")).isNull();
    assertThat(send(kind, body).status()).as("not 429").isEqualTo(503);
    loop.runAll();
    assertThat(send(kind, body).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"events", "batch", "old"})
  void publishesAreShedBeforeTheyAreCounted(String kind) {
    loop.runAll();
    shedding.set(Level.PUBLISHES, "memory is nearly full");
    String event = "{\"name\":\"e\",\"channel\":\"cache-free\",\"data\":\"1\"}";
    String body = kind.equals("batch") ? "{\"batch\":[" + event + "]}" : event;
    for (int i = 1; i <= 5; i++) {
      Response refused = send(kind, body);
      assertThat(refused.status()).as("never 429").isEqualTo(503);
      assertThat(refused.reason()).isEqualTo("Over capacity: memory is nearly full");
      assertThat(refused.headers()).containsEntry("Retry-After", "1");
      assertThat(shedding.refused(Level.PUBLISHES)).isEqualTo(i);
    }
    assertThat(channels.kept(APP, "cache-free")).isNull();
    shedding.set(Level.SUBSCRIPTIONS, "memory is nearly full");
    assertThat(send(kind, body).status()).isBetween(200, 202);
  }

  @Test
  void channelsOfOtherLanesAreNotAffected() {
    String body = "{\"name\":\"e\",\"channel\":\"cache-free\",\"data\":\"1\"}";
    assertThat(send("events", body).status()).isEqualTo(200);
    assertThat(channels.kept(APP, "cache-free")).isNotNull();
  }
}
