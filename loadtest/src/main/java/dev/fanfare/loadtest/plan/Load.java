package dev.fanfare.loadtest.plan;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How much of what for how long. One record serves all scenarios; each reads what concerns it.
///
/// @param connections held connections, subscribers, or attempts under way at a time
/// @param channels the connections are spread over so many channels, evenly
/// @param publishers sources of events, each in order within itself
/// @param window requests a publisher may have unanswered
/// @param maxUndelivered events that may be incomplete at a time, when there is no rate
/// @param rate events (or operations) per second in all, 0 for as fast as acknowledged
/// @param warmupRate the same while warming up
/// @param size bytes of `data`
/// @param durationNs the measured time
/// @param warmupNs the time before it, not measured
/// @param privateChannels subscribe to `private-…` channels, with a signature
/// @param seed makes random choices repeatable
/// @param stalled further subscribers, who never read
/// @param probe one more connection, which pings
/// @param compressedPercent the share of subscribers whose messages the server compresses
@RecordBuilder
public record Load(
    int connections,
    int channels,
    int publishers,
    int window,
    int maxUndelivered,
    double rate,
    double warmupRate,
    int size,
    long durationNs,
    long warmupNs,
    boolean privateChannels,
    Via via,
    long seed,
    int stalled,
    boolean probe,
    int compressedPercent)
    implements LoadBuilder.With {

  public static final int MAX_CONNECTIONS = 200_000;
  public static final int MAX_CHANNELS = 65_536;
  public static final int MAX_PUBLISHERS = 1_000;
  public static final int MAX_WINDOW = 1_000;
  public static final int MAX_UNDELIVERED = 65_536;
  public static final double MAX_RATE = 1_000_000;
  public static final int MIN_SIZE = 32;
  public static final int MAX_SIZE = 65_000;

  /// Two hours: long enough for a soak, short enough to end by itself.
  public static final int MAX_SECONDS = 7_200;

  private static final double SECOND_NS = 1e9;
  private static final int ALL = 100;

  /// Refuses what is out of bounds, naming every such option.
  public void requireSane() {
    List<String> wrong = new ArrayList<>();
    bound(wrong, "--connections (--subscribers)", connections, 1, MAX_CONNECTIONS);
    bound(wrong, "--channels", channels, 1, MAX_CHANNELS);
    bound(wrong, "--publishers", publishers, 1, MAX_PUBLISHERS);
    bound(wrong, "--window", window, 1, MAX_WINDOW);
    bound(wrong, "--max-undelivered", maxUndelivered, 1, MAX_UNDELIVERED);
    bound(wrong, "--rate", rate, 0, MAX_RATE);
    bound(wrong, "--warmup-rate", warmupRate, 0, MAX_RATE);
    bound(wrong, "--size", size, MIN_SIZE, MAX_SIZE);
    bound(wrong, "--duration", durationNs / SECOND_NS, 0.1, MAX_SECONDS);
    bound(wrong, "--warmup", warmupNs / SECOND_NS, 0, MAX_SECONDS);
    bound(wrong, "--stalled", stalled, 0, MAX_CONNECTIONS);
    bound(wrong, "--compressed", compressedPercent, 0, ALL);
    if (channels > connections) {
      wrong.add("--channels must not be more than --connections, or some would be empty");
    }
    if (!wrong.isEmpty()) {
      throw new Refusal(String.join("; ", wrong) + ".");
    }
  }

  /// The same with one publisher that sends one request at a time, as fast as acknowledged.
  public Load withOnePublisher() {
    return withPublishers(1).withWindow(1).withRate(0).withWarmupRate(0);
  }

  /// The load of so many witnesses on one channel, beside the one proper.
  public Load witnessed(int witnesses, double eventsPerSecond) {
    return withOnePublisher()
        .withConnections(witnesses)
        .withChannels(1)
        .withRate(eventsPerSecond)
        .withWarmupRate(eventsPerSecond)
        .withPrivateChannels(false)
        .withVia(Via.HTTP);
  }

  /// Connections of all kinds that are held at the same time, publishers aside.
  public int held() {
    return connections + stalled + (probe ? 1 : 0);
  }

  /// True if there is something that only the fan-out has a use for.
  public boolean isForFanout() {
    return stalled > 0 || probe || compressedPercent > 0;
  }

  /// True if the messages to this subscriber are to be compressed. Those are spread evenly over
  /// each channel, and over the channels.
  public boolean isCompressed(int subscriber) {
    int perChannel = (connections + channels - 1) / channels;
    long place = (long) subscriber % channels * perChannel + subscriber / channels;
    return (place + 1) * compressedPercent / ALL > place * compressedPercent / ALL;
  }

  /// How many subscribers that are.
  public long compressedConnections() {
    return IntStream.range(0, connections).filter(this::isCompressed).count();
  }

  /// The channel that a subscriber with this number listens to.
  public String channelOf(int subscriber) {
    return channelName(subscriber % channels);
  }

  /// The name of a channel; all names of a run are equally long, so that all frames are.
  public String channelName(int channel) {
    return (privateChannels ? "private-" : "") + "load-%05d".formatted(channel);
  }

  public double seconds() {
    return durationNs / SECOND_NS;
  }

  private static void bound(
      List<String> wrong, String option, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      wrong.add(
          "%s is %s, it must be %s to %s".formatted(option, text(value), text(low), text(high)));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
