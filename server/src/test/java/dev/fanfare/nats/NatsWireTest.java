package dev.fanfare.nats;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineWireContract;
import dev.fanfare.bus.Wire;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.NatsProcess;
import java.io.IOException;

/// The wire over NATS.
final class NatsWireTest extends EngineWireContract {

  @Override
  protected EngineProcess start() throws IOException {
    return NatsProcess.start(folder).process();
  }

  @Override
  protected EngineProcess startWithPassword(String password) throws IOException {
    return NatsProcess.start(folder, "--user", "someone", "--pass", password).process();
  }

  @Override
  protected EngineProcess startWithTls(Authority authority, String name) throws IOException {
    return NatsProcess.start(folder, NatsProcess.tls(authority, name)).process();
  }

  @Override
  protected String scheme(boolean isSecure) {
    return isSecure ? "tls" : "nats";
  }

  @Override
  protected Wire wire(EngineOptions options) {
    return new NatsWire(options);
  }
}
