package dev.fanfare.cli;

import dev.fanfare.config.Config;
import dev.fanfare.config.Differences;
import dev.fanfare.config.FixedOptions;
import dev.fanfare.config.Reading;
import dev.fanfare.config.value.Problem;
import dev.fanfare.log.LogOutput;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Component;
import dev.fanfare.session.DrainOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;

/// Reloads the configuration and applies what needs no restart. A configuration with an error
/// changes nothing. Run by one thread at a time.
final class Reload implements Runnable {

  private static final Logger log = Component.CONFIG.logger();

  private final Supplier<Reading> reader;
  private final Config started;
  private final FanfareServer server;

  /// The newest configuration without an error.
  private volatile Config current;

  /// True while the only app is the temporary one that was created at the start.
  private boolean isFresh;

  private volatile DrainOptions drain;

  /// @param started what the server was started with
  Reload(Supplier<Reading> reader, Config started, FanfareServer server) {
    this.reader = reader;
    this.started = started;
    this.current = started;
    this.server = server;
    this.isFresh = started.apps().isEmpty() && !started.database().isOn();
    this.drain = started.drain();
  }

  /// How to disconnect clients at a shutdown, by the newest configuration. Any thread.
  DrainOptions drain() {
    return drain;
  }

  /// The newest configuration without an error. Any thread.
  Config current() {
    return current;
  }

  @Override
  public void run() {
    switch (reader.get()) {
      case Reading.Good good -> take(good.config(), good.warnings());
      case Reading.Bad bad -> {
        server.reloads().failed();
        bad.problems().forEach(problem -> log.error("{}", problem));
        log.error("configuration rejected, keeping the current one; see the errors above");
      }
    }
  }

  private void take(Config next, List<Problem> warnings) {
    warnings.forEach(warning -> log.warn("{}", warning));
    boolean hasDatabase = started.database().isOn();
    if (next.apps().isEmpty() && !isFresh && !hasDatabase) {
      server.reloads().failed();
      log.error("configuration rejected, keeping the current one: it has no app any more");
      return;
    }
    List<String> fixed = FixedOptions.needed(started, next);
    if (!fixed.isEmpty()) {
      log.warn("needs a restart: {}", String.join(", ", fixed));
    }
    drain = next.drain();
    server.useConsoleUsers(next.console().users());
    server.useOperators(next.operators());
    LogOutput.setLevel(next.log().level());
    server.reloads().succeeded(InstantSource.system().millis());
    if (hasDatabase) {
      log.info("configuration reloaded; apps are in the database");
      current = next;
      return;
    }
    if (next.apps().isEmpty()) {
      log.info("configuration reloaded: still no app, keeping the temporary one");
      return;
    }
    server.reload(next.apps());
    String changes = Differences.ofApps(current, next);
    log.info("configuration reloaded: {}{}", changes, isFresh ? "; temporary app removed" : "");
    isFresh = false;
    current = next;
  }
}
