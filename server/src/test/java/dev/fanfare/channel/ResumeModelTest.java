package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.ClientTag;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.History;
import dev.fanfare.history.Reader;
import dev.fanfare.history.ReplayRequest;
import dev.fanfare.history.Traits;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random clients that lose their connections and come back, some while the server still
/// takes the old one for alive, compared with a simple model: the events of a channel are numbered,
/// and a client misses none of them and gets none again that it had confirmed.
final class ResumeModelTest {

  private static final int STEPS = 600;
  private static final int CLIENTS = 6;
  private static final int EVERYTHING = 1_000_000;
  private static final ChannelName CHANNEL = OneLane.name("feed");
  private static final Pattern NUMBER = Pattern.compile("\"data\":\"([0-9]+)\"");

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane =
      new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new, OneLane.MAX_BYTES);
  private final Lanes lanes = new Lanes(List.of(lane));
  private final ManualClock clock = new ManualClock();
  private final Channels channels = new Channels(lanes, Changes.NONE, clock);
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), Changes.NONE, ServerListener.NONE);
  private final LiveApp live =
      new LiveApp(
          OneLane.APP.withHistory(
              List.of(HistoryRule.DEFAULTS.withKeepEvents(100_000).withReplayEvents(10_000))));
  private final List<Client> clients = new ArrayList<>();
  private int published;
  private int sockets;
  private int resumed;

  /// Sabotage: clients are asked about events that were not written to them yet.
  private boolean asksTooMuch;

  /// One connection.
  private static final class Socket {
    final FakeSubscriber subscriber;
    final Subscription subscription;

    /// How many of the received frames the client has read.
    int read;

    /// What was noted when the client was asked; null if no answer is due.
    private @Nullable EventId asked;

    private int askedAt;
    private boolean wasTaken;

    Socket(FakeSubscriber subscriber, Subscription subscription) {
      this.subscriber = subscriber;
      this.subscription = subscription;
    }
  }

  private final class Client {
    final ClientTag tag;

    /// The events that the client has read, on all of its connections.
    final List<Integer> got = new ArrayList<>();

    /// The newest event that the server knows to be read.
    int confirmed;

    private boolean hasCome;

    @Nullable Socket socket;

    /// The server takes it for alive, the client has given it up.
    @Nullable Socket lost;

    Client(int number) {
      tag = new ClientTag("c" + number, "");
    }

    void come(boolean isSlow) {
      FakeSubscriber subscriber = new FakeSubscriber("1." + sockets++, lane);
      subscriber.isSlow = isSlow;
      Join.Joined joined =
          (Join.Joined)
              channels.join(
                  live, CHANNEL, subscriber, null, new ReplayRequest(null, Traits.of(tag)));
      assertThat(joined.gap()).isNull();
      lane.onJoin(joined.subscription(), joined.replay());
      socket = new Socket(subscriber, joined.subscription());
      if (hasCome) {
        resumed++;
      } else {
        confirmed = published;
        hasCome = true;
      }
    }

    /// Reads some of what was written.
    void read(int most) {
      Socket now = Objects.requireNonNull(socket);
      List<Integer> received = numbers(now.subscriber);
      int until = Math.min(received.size(), now.read + most);
      for (int number : received.subList(now.read, until)) {
        int newest = got.isEmpty() ? number - 1 : got.getLast();
        boolean isAgain = number <= newest;
        assertThat(number).as("%s gets %s", tag, got).isGreaterThan(confirmed);
        assertThat(isAgain || number == newest + 1).as("%s after %s", number, newest).isTrue();
        if (isAgain) {
          got.removeIf(each -> each >= number); // it goes on from there
        }
        got.add(number);
      }
      now.read = until;
    }

    void ask() {
      Socket now = Objects.requireNonNull(socket);
      Reader reader = Objects.requireNonNull(now.subscription.reader());
      EventId given = asksTooMuch ? newest() : now.subscription.given();
      if (now.asked == null && given != null && reader.isBehind(given)) {
        reader.ask(given, clock.nanoTime());
        now.asked = given;
        now.askedAt = numbers(now.subscriber).size();
        now.wasTaken = reader.isTaken();
      }
    }

    /// The client answers once it has read what was written before the question.
    void answer() {
      Socket now = Objects.requireNonNull(socket);
      if (now.asked != null && now.read >= now.askedAt) {
        Reader reader = Objects.requireNonNull(now.subscription.reader());
        assertThat(now.askedAt).as("written before the question").isPositive();
        assertThat(reader.confirm(now.asked, now.wasTaken)).isFalse();
        now.asked = null;
        confirmed = Math.max(confirmed, numbers(now.subscriber).get(now.askedAt - 1));
      }
    }

    /// @param isAnswered the client has read everything and answers the close frame
    void end(Socket ended, boolean isAnswered) {
      if (isAnswered) {
        read(EVERYTHING);
      }
      Departed.Position position =
          ended.subscription.depart(ended.subscription.given(), clock.nanoTime());
      channels.leave(ended.subscription, LeaveCause.CLOSED);
      lane.onLeave(ended.subscription);
      if (isAnswered && position != null) {
        position.confirm();
        numbers(ended.subscriber).forEach(number -> confirmed = Math.max(confirmed, number));
      }
    }
  }

  private static List<Integer> numbers(FakeSubscriber subscriber) {
    return subscriber.received.stream()
        .map(frame -> {
          Matcher matcher = NUMBER.matcher(frame);
          assertThat(matcher.find()).as(frame).isTrue();
          return Integer.parseInt(matcher.group(1));
        })
        .toList();
  }

  @BeforeEach
  void countFrames() {
    FakeSubscriber.TextFrames.open = 0;
  }

  @AfterEach
  void everyFrameWasReleased() {
    loop.runAll();
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }

  private @Nullable EventId newest() {
    Channel channel = channels.find(live.current(), CHANNEL.value());
    History history = channel == null ? null : channel.history();
    return history == null ? null : history.log().idAt(Long.MAX_VALUE);
  }

  private void publish() {
    String data = Integer.toString(++published);
    Publication event = new Publication(CHANNEL, "e", data, null, null, Origin.HTTP);
    assertThat(publisher.publish(live, List.of(event))).isEqualTo(Parsed.PASSED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aClientMissesNothingAndGetsNothingAgainThatItConfirmed(long seed) {
    run(seed);
    assertThat(resumed).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theModelNoticesAPositionThatIsTooHigh(long seed) {
    asksTooMuch = true;
    assertThatThrownBy(() -> run(seed)).isInstanceOf(AssertionError.class);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    IntStream.range(0, CLIENTS).forEach(i -> clients.add(new Client(i)));
    for (int step = 0; step < STEPS; step++) {
      clock.advance(Duration.ofMillis(random.nextInt(200)));
      act(clients.get(random.nextInt(CLIENTS)), random);
    }
    for (Client client : clients) {
      if (client.socket == null) {
        client.come(false);
      }
      Socket socket = Objects.requireNonNull(client.socket);
      socket.subscriber.read();
      loop.runAll();
      client.read(EVERYTHING);
      if (!client.got.isEmpty()) {
        assertThat(client.got).as("complete").endsWith(published);
      }
      assertThat(socket.subscriber.failures).isEmpty();
    }
  }

  private void act(Client client, Random random) {
    Socket lost = client.lost;
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> publish();
      case 3 -> IntStream.range(0, random.nextInt(40)).forEach(_ -> publish());
      case 4 -> {
        if (lost != null) {
          client.end(lost, false);
          client.lost = null;
        }
      }
      case 5, 6, 7 -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          var _ = loop.runOne();
        }
      }
      default -> {
        Socket socket = client.socket;
        if (socket == null) {
          client.come(random.nextInt(3) == 0);
        } else {
          act(client, socket, random);
        }
      }
    }
  }

  private void act(Client client, Socket socket, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> {
        client.end(socket, random.nextBoolean());
        client.socket = null;
      }
      case 1 -> {
        if (client.lost == null) {
          client.lost = socket;
          client.socket = null;
        }
      }
      case 2 -> socket.subscriber.read();
      case 3, 4 -> client.ask();
      case 5 -> client.answer();
      default -> client.read(random.nextInt(10));
    }
  }
}
