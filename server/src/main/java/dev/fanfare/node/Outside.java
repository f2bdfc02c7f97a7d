package dev.fanfare.node;

import dev.fanfare.app.CurrentApps;
import dev.fanfare.budget.Ledger;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.ObservedChanges;
import dev.fanfare.channel.SharedChanges;
import dev.fanfare.metrics.MetricsServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// Everything outside the connections: apps, the other nodes, and the receivers of what happens.
@RecordBuilder
record Outside(
    CurrentApps apps,
    Bus bus,
    ServerListener listener,
    Webhooks webhooks,
    Outbox outbox,
    MetricsServer metrics,
    Ledger ledger) {

  /// The sink for decisions about channels.
  Changes changes() {
    Changes here = new Changes(List.of(new ObservedChanges(listener), webhooks));
    return bus instanceof LocalBus ? here : here.and(new SharedChanges(bus));
  }

  /// The endpoints of all apps, each of which may need an open file.
  int webhookEndpoints() {
    return apps.known().stream().mapToInt(app -> app.webhooks().size()).sum();
  }

  void close() {
    bus.close();
    webhooks.close();
    outbox.close();
    metrics.close();
  }
}
