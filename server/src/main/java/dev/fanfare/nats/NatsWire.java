package dev.fanfare.nats;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import io.nats.client.Nats;
import java.io.IOException;

/// Carries datagrams as messages of core NATS. Of several URLs, each attempt uses the next one: the
/// servers of a NATS cluster forward to each other.
public final class NatsWire extends EngineWire {

  private int next;
  private volatile int maxDatagramBytes = 1 << 20; // the default of the engine

  /// A wire that is not connected yet.
  ///
  /// @param options of kind [EngineOptions.Kind#NATS], with one URL at least
  public NatsWire(EngineOptions options) {
    super(options);
  }

  @Override
  protected Link connect(String toAll, String toThis, Events events)
      throws IOException, InterruptedException {
    EngineUrl url = options().urls().get(next);
    next = (next + 1) % options().urls().size();
    NatsEvents listener = new NatsEvents(url, events);
    NatsLink link =
        NatsLink.connect(
            () -> Nats.connect(NatsSettings.of(options(), url, listener)), url, listener);
    maxDatagramBytes = link.subscribe(toAll, toThis, NatsSettings.TIMEOUT, events);
    return link;
  }

  @Override
  protected void release() {
    // Each connection has separate threads, which end with it.
  }

  @Override
  protected String channel(String... parts) {
    return String.join(".", parts);
  }

  @Override
  public int maxDatagramBytes() {
    return maxDatagramBytes;
  }
}
