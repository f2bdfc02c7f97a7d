package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random joins, leaves, publishes and cached events over several lanes, whose loops run
/// when the seed says so, compared with a simple model of what each client may and must see.
final class ChannelsModelTest {

  private static final int STEPS = 2_000;
  private static final int CONNECTIONS = 12;
  private static final int MAX_MEMBERS = 3;
  private static final int CACHE_SECONDS = 60;

  /// Enough for both cache channels.
  private static final long CACHE_BYTES = 2_000;

  private static final List<ChannelName> NAMES =
      List.of(
          name("public"),
          name("private-p"),
          name("presence-m"),
          name("cache-c"),
          name("presence-cache-m"));

  private static final App APP =
      TestNode.APP.withLimits(
          Limits.HOSTED.withMaxPresenceMembers(MAX_MEMBERS).withCacheTtlSeconds(CACHE_SECONDS));

  private static final LiveApp LIVE = new LiveApp(APP);

  private final ManualClock clock = new ManualClock();
  private final ReportedChanges reported = new ReportedChanges();
  private final List<InlineLoop> loops = new ArrayList<>();
  private final Map<String, ChannelModel> models = new HashMap<>();
  private final List<FakeSubscriber> connections = new ArrayList<>();

  /// What each connection has subscribed to, and what it knows.
  private final List<Map<String, ClientView>> views = new ArrayList<>();

  private final Share caches = new Share("caches", "", CACHE_BYTES);
  private int published;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyClientSeesWhatTheModelSays(long seed) {
    Random random = new Random(seed);
    Lanes lanes = lanes(1 + (int) (seed % 3));
    Changes changes = new Changes(List.of(reported));
    Channels channels = new Channels(lanes, changes, clock, caches, null);
    Publisher publisher =
        new Publisher(channels, lanes, new LocalBus(), changes, ServerListener.NONE);
    NAMES.forEach(name -> models.put(name.value(), new ChannelModel(name)));
    for (int i = 0; i < CONNECTIONS; i++) {
      Lane lane = lanes.all().get(i % lanes.size());
      connections.add(new FakeSubscriber("1." + i, lane));
      views.add(new HashMap<>());
    }
    for (int step = 0; step < STEPS; step++) {
      int connection = random.nextInt(CONNECTIONS);
      ChannelName name = NAMES.get(random.nextInt(NAMES.size()));
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> join(channels, connection, name, random);
        case 3 -> leave(channels, connection, name);
        case 4, 5 -> publish(publisher, name, random.nextBoolean() ? null : connection);
        case 6 -> {
          clock.advance(Duration.ofSeconds(random.nextInt(CACHE_SECONDS / 2)));
          channels.sweep();
        }
        default -> loops.get(random.nextInt(loops.size())).runOne();
      }
      checkPopulation(channels);
    }
    settle(channels);
    checkViews(channels);
    checkReports(channels);
    leaveAll(channels);
  }

  private Lanes lanes(int count) {
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      InlineLoop loop = new InlineLoop();
      loops.add(loop);
      lanes.add(new Lane(i, loop, loop, () -> true, FakeSubscriber.TextFrames::new));
    }
    return new Lanes(lanes);
  }

  private void join(Channels channels, int connection, ChannelName name, Random random) {
    Map<String, ClientView> subscribed = views.get(connection);
    if (subscribed.containsKey(name.value())) {
      return;
    }
    FakeSubscriber subscriber = connections.get(connection);
    ChannelModel model = model(name.value());
    Member member =
        name.hasMembers() ? new Member("u" + random.nextInt(MAX_MEMBERS + 2), "{}") : null;
    Join join = channels.join(LIVE, name, subscriber, member);
    if (member != null && model.isFullFor(member, MAX_MEMBERS)) {
      assertThat(join).isEqualTo(new Join.Full(MAX_MEMBERS));
      return;
    }
    Join.Joined joined = (Join.Joined) join;
    subscriber.lane().onJoin(joined.subscription());
    model.join(connection, member);
    assertThat(joined.members()).as("oldest first").isEqualTo(model.members());
    KeptEvent cached = joined.kept();
    assertThat(cached == null ? null : cached.data()).isEqualTo(model.cached(clock.nanoTime()));
    int seen = subscriber.received.size();
    subscribed.put(name.value(), new ClientView(joined, seen, model.published()));
  }

  private void leave(Channels channels, int connection, ChannelName name) {
    ClientView view = views.get(connection).remove(name.value());
    if (view != null) {
      FakeSubscriber subscriber = connections.get(connection);
      channels.leave(view.subscription(), LeaveCause.CLOSED);
      subscriber.lane().onLeave(view.subscription());
      view.check(subscriber.received, name.value());
      model(name.value()).leave(connection);
    }
  }

  private void publish(Publisher publisher, ChannelName name, @Nullable Integer except) {
    String data = Integer.toString(published++);
    String socketId = except == null ? null : connections.get(except).socketId();
    Publication publication = new Publication(name, "e", data, null, socketId, Origin.HTTP);
    assertThat(publisher.publish(LIVE, List.of(publication))).isEqualTo(Parsed.PASSED);
    model(name.value())
        .publish(data, except, clock.nanoTime() + Duration.ofSeconds(CACHE_SECONDS).toNanos());
  }

  /// Everything that is still due is sent.
  private void settle(Channels channels) {
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofSeconds(6));
      channels.sweep();
      loops.forEach(InlineLoop::runAll);
    }
  }

  private void checkViews(Channels channels) {
    for (int connection = 0; connection < CONNECTIONS; connection++) {
      List<String> received = connections.get(connection).received;
      for (Map.Entry<String, ClientView> entry : views.get(connection).entrySet()) {
        ChannelModel model = model(entry.getKey());
        ClientView view = entry.getValue();
        view.check(received, entry.getKey());
        assertThat(view.members()).isEqualTo(model.userIds());
        assertThat(view.events()).containsAll(model.dueTo(connection, view.publishedBefore()));
        assertThat(view.delivered()).noneMatch(model.excludedFrom(connection)::contains);
        if (!model.name().hasMembers()) {
          assertThat(view.count()).isEqualTo(model.subscribers());
        }
      }
    }
    models.forEach((name, model) -> {
      Channel channel = channels.find(APP, name);
      assertThat(channel == null ? 0 : channel.localSubscribers()).isEqualTo(model.subscribers());
      assertThat(channel == null ? 0 : channel.localUsers()).isEqualTo(model.userIds().size());
      KeptEvent cached = channels.kept(APP, name);
      assertThat(cached == null ? null : cached.data()).isEqualTo(model.cached(clock.nanoTime()));
    });
  }

  /// What is counted at each change must be what a count of all channels finds.
  private static void checkPopulation(Channels channels) {
    Map<String, Long> found = new HashMap<>();
    Map<String, Long> subscriptions = new HashMap<>();
    int[] members = new int[1];
    channels.forEachOccupied(
        APP,
        channel -> {
          String group = group(ChannelKind.of(channel.name()), channel.name().isCached());
          found.merge(group, 1L, Long::sum);
          subscriptions.merge(group, (long) channel.localSubscribers(), Long::sum);
          members[0] += channel.localUsers();
        });
    Population population = channels.population(APP);
    for (ChannelKind kind : ChannelKind.values()) {
      for (boolean isCached : List.of(false, true)) {
        String group = group(kind, isCached);
        assertThat(population.channels(kind, isCached)).isEqualTo(found.getOrDefault(group, 0L));
        assertThat(population.subscriptions(kind, isCached))
            .isEqualTo(subscriptions.getOrDefault(group, 0L));
      }
    }
    assertThat(population.members()).isEqualTo(members[0]);
  }

  private static String group(ChannelKind kind, boolean isCached) {
    return kind + (isCached ? " cache" : "");
  }

  private void checkReports(Channels channels) {
    Set<String> occupied = new HashSet<>();
    channels.forEachOccupied(APP, channel -> occupied.add(channel.name().value()));
    assertThat(reported.occupied()).isEqualTo(occupied);
    models.values().forEach(model -> reported.check(model, clock.nanoTime()));
    assertThat(FakeSubscriber.TextFrames.open).as("unreleased frames").isZero();
  }

  private void leaveAll(Channels channels) {
    for (int connection = 0; connection < CONNECTIONS; connection++) {
      for (ChannelName name : NAMES) {
        leave(channels, connection, name);
      }
    }
    clock.advance(Duration.ofSeconds(CACHE_SECONDS + 1));
    channels.sweep();
    assertThat(reported.occupied()).isEmpty();
    checkPopulation(channels);
    models.values().forEach(model -> reported.check(model, clock.nanoTime()));
    NAMES.forEach(name -> assertThat(channels.find(APP, name.value())).as("dropped").isNull());
    assertThat(caches.used()).as("bytes of cached events").isZero();
  }

  private ChannelModel model(String channel) {
    return Objects.requireNonNull(models.get(channel));
  }

  private static ChannelName name(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, 200)).value();
  }
}
