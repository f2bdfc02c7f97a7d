package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Secret;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Losses;
import dev.fanfare.channel.lane.Outbound;
import dev.fanfare.channel.lane.Subscriber;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A lane's delivery loop without sockets: the cost of one delivery in our own code, from the
/// publish to the last subscriber. Figures are per delivery, with 1,000 subscribers of one channel.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaneBenchmark {

  private static final int SUBSCRIBERS = 1_000;
  private static final LiveApp APP =
      new LiveApp(new App("1", "key", new Secret("secret"), AppOptions.DEFAULTS, Limits.HOSTED));
  private static final ChannelName NAME =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("my-channel", 200)).value();

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final Lane lane =
      new Lane(0, tasks::add, tasks::add, () -> true, messages -> new Bytes(messages));
  private final Lanes lanes = new Lanes(List.of(lane));
  private final Channels channels = new Channels(lanes, Changes.NONE, NanoClock.SYSTEM);
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), Changes.NONE, ServerListener.NONE);
  private long deliveries;

  /// Stands for the coalesced frames: encodes them, as the transport would, and drops them.
  private static final class Bytes implements Frames {
    private final int size;

    Bytes(List<Outbound> messages) {
      size = messages.stream().mapToInt(message -> message.utf8().length).sum();
    }

    @Override
    public void release() {}
  }

  private final class Sink implements Subscriber {
    private final String socketId;

    Sink(String socketId) {
      this.socketId = socketId;
    }

    @Override
    public String socketId() {
      return socketId;
    }

    @Override
    public String address() {
      return "127.0.0.1:1";
    }

    @Override
    public Lane lane() {
      return lane;
    }

    @Override
    public boolean isUnflushed() {
      return false;
    }

    @Override
    public boolean mayReplay(Runnable whenSent) {
      return true;
    }

    @Override
    public void onFellBehind(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public @Nullable Losses losses() {
      return null;
    }

    @Override
    public boolean onDeliver(Frames frames) {
      deliveries += ((Bytes) frames).size;
      return true;
    }

    @Override
    public void onFlush() {
      deliveries++;
    }
  }

  @Setup
  public void subscribe() {
    for (int i = 0; i < SUBSCRIBERS; i++) {
      Join join = channels.join(APP, NAME, new Sink("1." + i), null);
      lane.onJoin(((Join.Joined) join).subscription());
    }
  }

  /// Every event separately: 1,000 deliveries share the encoding.
  @Benchmark
  @OperationsPerInvocation(SUBSCRIBERS)
  public long publishOneByOne() {
    publish(null);
    run();
    return deliveries;
  }

  /// Sixteen events are coalesced into one write for each subscriber.
  @Benchmark
  @OperationsPerInvocation(SUBSCRIBERS * 16)
  public long publishSixteenAtOnce() {
    for (int i = 0; i < 16; i++) {
      publish(null);
    }
    run();
    return deliveries;
  }

  /// One subscriber is excluded, so each has to be checked.
  @Benchmark
  @OperationsPerInvocation(SUBSCRIBERS)
  public long publishExceptOne() {
    publish("1.7");
    run();
    return deliveries;
  }

  private void publish(@Nullable String except) {
    publisher.publish(
        APP,
        List.of(new Publication(NAME, "my-event", "x".repeat(128), null, except, Origin.HTTP)));
  }

  private void run() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }
}
