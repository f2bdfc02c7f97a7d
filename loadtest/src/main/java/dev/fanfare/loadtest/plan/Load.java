package dev.fanfare.loadtest.plan;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/// The size and duration of a load. One record serves all scenarios; each reads what it needs.
///
/// @param connections connections held, subscribers, or attempts in progress at a time
/// @param channels number of channels, over which the connections are spread evenly
/// @param publishers sources of events; each keeps its own order
/// @param window unanswered requests allowed per publisher
/// @param maxUndelivered incomplete events allowed at a time, without a rate; 0 for any number
/// @param rate events (or operations) per second in total, 0 for as fast as acknowledged
/// @param warmupRate the same during the warm-up
/// @param size bytes of `data`
/// @param durationNs the measured time
/// @param warmupNs the time before it, not measured
/// @param privateChannels subscribe to `private-…` channels, with a signature
/// @param seed makes random choices repeatable
/// @param stalled additional subscribers that never read
/// @param probe adds a connection that sends pings
/// @param compressedPercent percentage of subscribers whose messages the server compresses
/// @param signal what the last node's process gets during a node loss
/// @param replay events of each channel that a storm's clients get when they are back
/// @param run part of the channel names, so that a server that keeps events does not replay those
///   of an earlier run
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
    int compressedPercent,
    Signal signal,
    int replay,
    String run)
    implements LoadBuilder.With {

  public static final int MAX_CONNECTIONS = 200_000;
  public static final int MAX_CHANNELS = 65_536;
  public static final int MAX_PUBLISHERS = 1_000;
  public static final int MAX_WINDOW = 1_000;
  public static final int MAX_UNDELIVERED = 65_536;
  public static final double MAX_RATE = 1_000_000;
  public static final int MIN_SIZE = 32;
  public static final int MAX_SIZE = 65_000;

  /// Two hours: enough for a soak test, and a forgotten run still ends.
  public static final int MAX_SECONDS = 7_200;

  /// What a server may replay at once.
  public static final int MAX_REPLAY = 1_000;

  /// Events that have distinct numbers.
  private static final int MAX_REPLAYED = 1 << 20;

  private static final double SECOND_NS = 1e9;
  private static final int ALL = 100;

  /// Number of different run names.
  private static final int RUNS = 1 << 24;

  /// Throws a [Refusal] that names every option out of bounds.
  public void requireValid() {
    List<String> wrong = new ArrayList<>();
    bound(wrong, "--connections (--subscribers)", connections, 1, MAX_CONNECTIONS);
    bound(wrong, "--channels", channels, 1, MAX_CHANNELS);
    bound(wrong, "--publishers", publishers, 1, MAX_PUBLISHERS);
    bound(wrong, "--window", window, 1, MAX_WINDOW);
    bound(wrong, "--max-undelivered", maxUndelivered, 0, MAX_UNDELIVERED);
    bound(wrong, "--rate", rate, 0, MAX_RATE);
    bound(wrong, "--warmup-rate", warmupRate, 0, MAX_RATE);
    bound(wrong, "--size", size, MIN_SIZE, MAX_SIZE);
    bound(wrong, "--duration", durationNs / SECOND_NS, 0.1, MAX_SECONDS);
    bound(wrong, "--warmup", warmupNs / SECOND_NS, 0, MAX_SECONDS);
    bound(wrong, "--stalled", stalled, 0, MAX_CONNECTIONS);
    bound(wrong, "--compressed", compressedPercent, 0, ALL);
    bound(wrong, "--replay", replay, 0, MAX_REPLAY);
    if ((long) channels * replay > MAX_REPLAYED) {
      wrong.add("--channels times --replay must not exceed " + MAX_REPLAYED);
    }
    if (channels > connections) {
      wrong.add("--channels must not exceed --connections: some channels would be empty");
    }
    if (!wrong.isEmpty()) {
      throw Refusal.usage(String.join("; ", wrong) + ".");
    }
  }

  /// A name for a new run, of six hexadecimal digits.
  public static String newRun() {
    return "%06x".formatted(ThreadLocalRandom.current().nextInt(RUNS));
  }

  /// The same with one publisher that sends one request at a time, as fast as acknowledged.
  public Load withOnePublisher() {
    return withPublishers(1).withWindow(1).withRate(0).withWarmupRate(0);
  }

  /// The load of `witnesses` subscribers of one separate channel.
  public Load witnessed(int witnesses, double eventsPerSecond) {
    return withOnePublisher()
        .withConnections(witnesses)
        .withChannels(1)
        .withRate(eventsPerSecond)
        .withWarmupRate(eventsPerSecond)
        .withPrivateChannels(false)
        .withVia(Via.HTTP);
  }

  /// True if another event may be sent while so many are incomplete.
  public boolean allows(int undelivered) {
    return maxUndelivered == 0 || undelivered < maxUndelivered;
  }

  /// Connections of all kinds held at the same time, without publishers.
  public int held() {
    return connections + stalled + (probe ? 1 : 0);
  }

  /// True if messages to this subscriber are to be compressed. Such subscribers are spread evenly
  /// over each channel and over the channels.
  public boolean isCompressed(int subscriber) {
    int perChannel = (connections + channels - 1) / channels;
    long place = (long) subscriber % channels * perChannel + subscriber / channels;
    return (place + 1) * compressedPercent / ALL > place * compressedPercent / ALL;
  }

  /// The number of subscribers with compressed messages.
  public long compressedConnections() {
    return IntStream.range(0, connections).filter(this::isCompressed).count();
  }

  /// The node of the subscriber with this number: those of one channel are spread over all nodes.
  public int nodeOf(int subscriber, int nodes) {
    return (subscriber % channels + subscriber / channels) % nodes;
  }

  /// The channel of the subscriber with this number.
  public String channelOf(int subscriber) {
    return channelName(subscriber % channels);
  }

  /// The name of a channel. All names of a run have the same length, and so have all frames.
  public String channelName(int channel) {
    return (privateChannels ? "private-" : "") + "load-%s-%05d".formatted(run, channel);
  }

  public double seconds() {
    return durationNs / SECOND_NS;
  }

  private static void bound(
      List<String> wrong, String option, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      wrong.add(
          "%s is %s, but must be from %s to %s"
              .formatted(option, text(value), text(low), text(high)));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
