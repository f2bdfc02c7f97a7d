package dev.fanfare.webhook;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import java.util.ArrayList;
import java.util.List;

/// A bus to nodes that a test describes; it only records what is published.
final class ViewedNodes implements Bus {

  final List<BusMessage> published = new ArrayList<>();
  NodesView view;

  ViewedNodes(NodesView view) {
    this.view = view;
  }

  @Override
  public void publish(BusMessage message) {
    published.add(message);
  }

  @Override
  public void onMessage(Receiver receiver) {
    throw new UnsupportedOperationException();
  }

  @Override
  public NodesView nodes() {
    return view;
  }

  @Override
  public void close() {}
}
