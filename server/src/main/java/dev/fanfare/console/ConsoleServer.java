package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.budget.Share;
import dev.fanfare.channel.Tracing;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The console of one server: watches from the start, and answers once it is opened. Does neither
/// if it is disabled. Opened and closed by one thread.
public final class ConsoleServer implements AutoCloseable {

  private final ConsoleOptions options;
  private final Apps apps;
  private final @Nullable Recorder recorder;
  private final @Nullable Gate gate;
  private @Nullable ConsolePort port;

  /// @param share of the heap for the data of events
  public ConsoleServer(ConsoleOptions options, Apps apps, Share share, InstantSource wall) {
    this.options = options;
    this.apps = apps;
    Moments moments = new Moments(NanoClock.SYSTEM, wall);
    this.recorder = options.enabled() ? new Recorder(options, share, moments, apps) : null;
    this.gate = options.enabled() ? new Gate(apps, wall, options.host()) : null;
  }

  /// Those to notify of what happens: none if it is disabled.
  public List<ServerListener> listeners() {
    return recorder == null ? List.of() : List.of(recorder.watch());
  }

  /// What remembers publishes; null if it is disabled.
  ///
  /// @param lanes how many there are
  public @Nullable Tracing tracing(int lanes) {
    if (recorder == null) {
      return null;
    }
    recorder.traces().setLanes(lanes);
    return recorder.watch();
  }

  /// Opens the port.
  ///
  /// @throws IOException with the reason in the message if it cannot listen
  public void open(ConsoleParts parts) throws IOException {
    Recorder started = recorder;
    Gate checked = gate;
    if (started != null && checked != null) {
      port = ConsolePort.open(options, new ConsoleApi(parts, started), checked, started);
      started.start();
    }
  }

  /// The port that is listened on; 0 if none.
  public int port() {
    ConsolePort open = port;
    return open == null ? 0 : open.port();
  }

  /// Forgets apps that are gone.
  public void appsChanged() {
    if (recorder != null && gate != null) {
      recorder.retain(apps.known().stream().map(App::id).collect(Collectors.toSet()));
      gate.appsChanged();
    }
  }

  @Override
  public void close() {
    if (recorder != null) {
      recorder.close();
    }
    ConsolePort open = port;
    if (open != null) {
      open.close();
    }
  }
}
