package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.LoadBuilder;
import dev.fanfare.loadtest.plan.Signal;
import dev.fanfare.loadtest.plan.Via;
import picocli.CommandLine.Option;

/// Options for the size and duration of a load. Each scenario has some of them and sets their
/// defaults.
@SuppressWarnings("NullAway.Init") // picocli sets them
final class LoadOptions {

  @Option(
      names = {"--connections", "--subscribers"},
      paramLabel = "COUNT",
      description =
          "Connections held, or attempts in progress at a time. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--channels",
      paramLabel = "COUNT",
      description = "Channels that the connections are spread over. Default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--publishers",
      paramLabel = "COUNT",
      description = "Sources of events, each with its own connection. Default: ${DEFAULT-VALUE}.")
  private int publishers;

  @Option(
      names = "--window",
      paramLabel = "COUNT",
      description = "Unanswered requests allowed per publisher. Default: ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--max-undelivered",
      paramLabel = "COUNT",
      description =
          "Without a rate: events that may be sent and not yet delivered to everyone; 0: any"
              + " number, so that publishers wait for responses only. Default: ${DEFAULT-VALUE}.")
  private int maxUndelivered;

  @Option(
      names = "--rate",
      paramLabel = "PER_SECOND",
      description =
          "Events or operations per second in total, on a schedule that does not wait for the"
              + " server; 0: as fast as acknowledged. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--warmup-rate",
      paramLabel = "PER_SECOND",
      description =
          "The rate during the warm-up; 0: as fast as acknowledged, so that a JVM is compiled"
              + " before a slow schedule begins. Default: ${DEFAULT-VALUE}.")
  private double warmupRate;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "Size of each event's data, at least 32. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The measured time: 10, 500ms, 10s, 30m. Default: ${DEFAULT-VALUE}.")
  private long durationNs;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The time before it, not measured. Default: ${DEFAULT-VALUE}.")
  private long warmupNs;

  @Option(names = "--private", description = "Use private channels, with signatures.")
  private boolean privateChannels;

  @Option(
      names = "--via",
      paramLabel = "WAY",
      description =
          "How events enter: http or client-event (implies --private). Default: ${DEFAULT-VALUE}.")
  private Via via;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Makes random choices repeatable. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--stalled",
      paramLabel = "COUNT",
      description =
          "Additional subscribers that subscribe and then never read. Default: ${DEFAULT-VALUE}.")
  private int stalled;

  @Option(
      names = "--probe",
      description = "Adds a connection that pings continuously and measures the replies.")
  private boolean probe;

  @Option(
      names = "--compressed",
      paramLabel = "PERCENT",
      description =
          "Percentage of subscribers that ask for compressed messages. Default: ${DEFAULT-VALUE}.")
  private int compressedPercent;

  @Option(
      names = "--signal",
      paramLabel = "SIGNAL",
      description =
          "What the last process of --pid gets after a third of the time: KILL, STOP (with CONT"
              + " after two thirds), or NONE, if you stop a node yourself. Default:"
              + " ${DEFAULT-VALUE}.")
  private Signal signal;

  @Option(
      names = "--replay",
      paramLabel = "COUNT",
      description =
          "Events that are published in each channel while its clients are away, and replayed to"
              + " each when it is back: the server keeps them under a rule with replay: rewind."
              + " Default: ${DEFAULT-VALUE}.")
  private int replay;

  /// The load; throws a refusal that names every option out of bounds.
  Load load() {
    Load load =
        LoadBuilder.builder()
            .connections(connections)
            .channels(channels)
            .publishers(publishers)
            .window(window)
            .maxUndelivered(maxUndelivered)
            .rate(rate)
            .warmupRate(warmupRate)
            .size(size)
            .durationNs(durationNs)
            .warmupNs(warmupNs)
            .privateChannels(privateChannels || via == Via.CLIENT_EVENT)
            .via(via)
            .seed(seed)
            .stalled(stalled)
            .probe(probe)
            .compressedPercent(compressedPercent)
            .signal(signal)
            .replay(replay)
            .run(Load.newRun())
            .build();
    load.requireValid();
    return load;
  }
}
