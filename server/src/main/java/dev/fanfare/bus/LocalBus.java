package dev.fanfare.bus;

/// The bus of a single node: sends and receives nothing.
public final class LocalBus implements Bus {

  @Override
  public void publish(BusMessage message) {}

  @Override
  public void onMessage(Receiver receiver) {}

  @Override
  public void close() {}
}
