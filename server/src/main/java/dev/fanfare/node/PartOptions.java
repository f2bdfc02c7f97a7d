package dev.fanfare.node;

import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.webhook.outbox.WebhookOptions;
import io.soabase.recordbuilder.core.RecordBuilder;

/// The options of each part of a server.
@RecordBuilder
public record PartOptions(
    ServerOptions server,
    WebhookOptions webhooks,
    MetricsOptions metrics,
    LedgerOptions ledger,
    HistoryOptions history,
    ClusterOptions cluster,
    ResumeOptions resume,
    ConsoleOptions console)
    implements PartOptionsBuilder.With {

  public static final PartOptions DEFAULTS =
      new PartOptions(ServerOptions.DEFAULTS, WebhookOptions.DEFAULTS, MetricsOptions.DEFAULTS);

  /// Options of a single server whose memory is divided as derived from what there is.
  public PartOptions(ServerOptions server, WebhookOptions webhooks, MetricsOptions metrics) {
    this(
        server,
        webhooks,
        metrics,
        LedgerOptions.DERIVED,
        HistoryOptions.DEFAULTS,
        ClusterOptions.OFF,
        ResumeOptions.DEFAULTS,
        ConsoleOptions.DEFAULTS);
  }
}
