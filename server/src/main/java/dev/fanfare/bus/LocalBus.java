package dev.fanfare.bus;

import java.util.function.Consumer;

/// The bus of a node that is alone: there is nobody to tell and nobody to hear.
public final class LocalBus implements Bus {

  @Override
  public void publish(BusMessage message) {}

  @Override
  public void onMessage(Consumer<BusMessage> receiver) {}

  @Override
  public void close() {}
}
