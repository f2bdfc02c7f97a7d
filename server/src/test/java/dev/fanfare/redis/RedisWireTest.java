package dev.fanfare.redis;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineWireContract;
import dev.fanfare.bus.Wire;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.RedisProcess;
import java.io.IOException;

/// The wire over one Redis.
final class RedisWireTest extends EngineWireContract {

  @Override
  protected EngineProcess start() throws IOException {
    return RedisProcess.start(folder).process();
  }

  @Override
  protected EngineProcess startWithPassword(String password) throws IOException {
    return RedisProcess.start(folder, "--requirepass", password).process();
  }

  @Override
  protected EngineProcess startWithTls(Authority authority, String name) throws IOException {
    return RedisProcess.startTls(folder, authority, name).process();
  }

  @Override
  protected String scheme(boolean isSecure) {
    return isSecure ? "rediss" : "redis";
  }

  @Override
  protected Wire wire(EngineOptions options) {
    return new RedisWire(options);
  }
}
