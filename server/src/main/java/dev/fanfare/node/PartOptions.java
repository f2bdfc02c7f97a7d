package dev.fanfare.node;

import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.sql.AppDatabase;
import dev.fanfare.telemetry.TelemetryOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.webhook.outbox.WebhookOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// The options of each part of a server.
///
/// @param operators who may list and change apps
/// @param database where the apps are, if not in the configuration
/// @param acme whether and how certificates are ordered
@RecordBuilder
public record PartOptions(
    ServerOptions server,
    WebhookOptions webhooks,
    MetricsOptions metrics,
    LedgerOptions ledger,
    HistoryOptions history,
    ClusterOptions cluster,
    ResumeOptions resume,
    ConsoleOptions console,
    TelemetryOptions telemetry,
    List<OperatorKey> operators,
    AppDatabase database,
    AcmeOptions acme)
    implements PartOptionsBuilder.With {

  public PartOptions {
    operators = List.copyOf(operators);
  }

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
        ConsoleOptions.DEFAULTS,
        TelemetryOptions.OFF,
        List.of(),
        AppDatabase.NONE,
        AcmeOptions.OFF);
  }
}
