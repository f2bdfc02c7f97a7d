package dev.fanfare;

import dev.fanfare.config.Config;
import dev.fanfare.config.ConfiguredApps;
import dev.fanfare.config.Problem;
import dev.fanfare.config.Reading;
import dev.fanfare.config.Restart;
import dev.fanfare.session.DrainOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration again and puts it in force, as far as that needs no restart. One with a
/// problem changes nothing. Run by one thread at a time.
final class Reload implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Reload.class);

  private final Supplier<Reading> reader;
  private final Config started;
  private final FanfareServer server;

  /// True while the only app is the one that was made up at the start.
  private boolean isFresh;

  private volatile DrainOptions drain;

  /// @param started what the server was started with
  Reload(Supplier<Reading> reader, Config started, FanfareServer server) {
    this.reader = reader;
    this.started = started;
    this.server = server;
    this.isFresh = started.apps().isEmpty();
    this.drain = started.drain();
  }

  /// How clients are to be sent away, by the newest configuration. Any thread.
  DrainOptions drain() {
    return drain;
  }

  @Override
  public void run() {
    switch (reader.get()) {
      case Reading.Good good -> take(good.config(), good.warnings());
      case Reading.Bad bad -> {
        server.reloads().failed();
        bad.problems().forEach(problem -> log.error("{}", problem));
        log.error("the configuration cannot be used, so nothing is changed; all reasons are above");
      }
    }
  }

  private void take(Config next, List<Problem> warnings) {
    warnings.forEach(warning -> log.warn("{}", warning));
    if (next.apps().isEmpty() && !isFresh) {
      server.reloads().failed();
      log.error("the configuration has no app any more, so nothing is changed");
      return;
    }
    List<String> fixed = Restart.needed(started, next);
    if (!fixed.isEmpty()) {
      log.warn("needs a restart: {}", String.join(", ", fixed));
    }
    drain = next.drain();
    server.reloads().succeeded(InstantSource.system().millis());
    if (next.apps().isEmpty()) {
      log.info("read the configuration again: still no app in it");
      return;
    }
    isFresh = false;
    log.info("read the configuration again: {}", server.reload(new ConfiguredApps(next.apps())));
  }
}
