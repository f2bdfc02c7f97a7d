package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Via;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that say how much. Defaults differ by scenario and are given by it.
@SuppressWarnings("NullAway.Init") // picocli sets them
final class LoadOptions {

  @Option(
      names = {"--connections", "--subscribers"},
      description = "Held connections, or attempts at a time. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(names = "--channels", description = "Default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--publishers",
      description = "Sources of events, each over its own connection. Default: ${DEFAULT-VALUE}.")
  private int publishers;

  @Option(
      names = "--window",
      description = "Requests each publisher may have unanswered. Default: ${DEFAULT-VALUE}.")
  private int window;

  @Option(
      names = "--max-undelivered",
      description =
          "Without a rate: events that may be incomplete at a time. Default: ${DEFAULT-VALUE}.")
  private int maxUndelivered;

  @Option(
      names = "--rate",
      description =
          "Events or operations per second in all, on a schedule that does not wait for the server;"
              + " 0 for as fast as acknowledged. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--warmup-rate",
      description =
          "The rate while warming up; with 0 a JVM is compiled before a slow schedule begins."
              + " Default: that of --rate.")
  private @Nullable Double warmupRate;

  @Option(
      names = "--size",
      description = "Bytes of each event's data, at least 32. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--duration",
      converter = SecondsConverter.class,
      description = "The measured time: 10, 500ms, 10s, 30m. Default: ${DEFAULT-VALUE}.")
  private long durationNs;

  @Option(
      names = "--warmup",
      converter = SecondsConverter.class,
      description = "The time before it, not measured. Default: ${DEFAULT-VALUE}.")
  private long warmupNs;

  @Option(names = "--private", description = "Use private channels, with signatures.")
  private boolean privateChannels;

  @Option(
      names = "--via",
      description =
          "How events enter: http or client-event (makes channels private)."
              + " Default: ${DEFAULT-VALUE}.")
  private Via via;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Makes random choices repeatable. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--stalled",
      description = "fanout: further subscribers who subscribe and then never read.")
  private int stalled;

  @Option(
      names = "--probe",
      description = "fanout: one more connection, which pings all the time and times the pongs.")
  private boolean probe;

  @Option(
      names = "--compressed",
      paramLabel = "PERCENT",
      description = "fanout: the share of subscribers who ask for compressed messages.")
  private int compressedPercent;

  /// The load, or a refusal that names everything out of bounds.
  Load load() {
    Load load =
        new Load(
            connections,
            channels,
            publishers,
            window,
            maxUndelivered,
            rate,
            warmupRate == null ? rate : warmupRate,
            size,
            durationNs,
            warmupNs,
            privateChannels || via == Via.CLIENT_EVENT,
            via,
            seed,
            stalled,
            probe,
            compressedPercent);
    load.requireSane();
    return load;
  }
}
