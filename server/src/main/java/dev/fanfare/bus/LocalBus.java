package dev.fanfare.bus;

import dev.fanfare.protocol.Publication;

/// The bus of a single node: sends and receives nothing.
public final class LocalBus implements Bus {

  @Override
  public void publish(BusMessage message) {}

  @Override
  public void publish(String appId, Publication event, long trace) {}

  @Override
  public void onMessage(Receiver receiver) {}

  @Override
  public void close() {}
}
