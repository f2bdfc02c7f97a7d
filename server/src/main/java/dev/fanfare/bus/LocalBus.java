package dev.fanfare.bus;

import java.util.function.Consumer;

/// The bus of a single node: sends and receives nothing.
public final class LocalBus implements Bus {

  @Override
  public void publish(BusMessage message) {}

  @Override
  public void onMessage(Consumer<BusMessage> receiver) {}

  @Override
  public void close() {}
}
