package dev.fanfare.config;

import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.app.App;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.config.schema.AcmeSchema;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.ConsoleSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.HistoryStoreSchema;
import dev.fanfare.config.schema.LedgerSchema;
import dev.fanfare.config.schema.MetricsSchema;
import dev.fanfare.config.schema.OperatorSchema;
import dev.fanfare.config.schema.ResumeSchema;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.TelemetrySchema;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.console.ConsoleOptions;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.log.LogOptions;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.sql.DatabaseOptions;
import dev.fanfare.telemetry.TelemetryOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.webhook.outbox.WebhookOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// A valid configuration: the options of each part.
///
/// @param operators who may list and change apps
/// @param apps in the order of the file, then of the environment; empty if none is configured, or
///   if they are in a database
/// @param draft what the rest was built from, with the source of each value
@RecordBuilder
public record Config(
    ServerOptions server,
    DrainOptions drain,
    LogOptions log,
    WebhookOptions webhooks,
    MetricsOptions metrics,
    LedgerOptions ledger,
    HistoryOptions history,
    ClusterOptions cluster,
    ResumeOptions resume,
    ConsoleOptions console,
    TelemetryOptions telemetry,
    List<OperatorKey> operators,
    DatabaseOptions database,
    AcmeOptions acme,
    List<App> apps,
    Draft draft) {

  /// Builds the options from a checked draft.
  static Config of(Draft draft) {
    DatabaseOptions database = DatabaseSchema.options(draft.database());
    boolean hasWebhooks = draft.apps().stream().anyMatch(app -> !app.webhooks().isEmpty());
    return ConfigBuilder.builder()
        .server(ServerSchema.options(draft.server()))
        .drain(ServerSchema.drain(draft.server()))
        .log(ServerSchema.log(draft.server()))
        .webhooks(WebhooksSchema.options(draft.webhooks(), hasWebhooks || database.isOn()))
        .metrics(MetricsSchema.options(draft.server()))
        .ledger(LedgerSchema.options(draft.server()))
        .history(HistoryStoreSchema.options(draft.server(), draft.webhooks()))
        .cluster(ClusterSchema.options(draft.cluster()))
        .resume(ResumeSchema.options(draft.server()))
        .console(ConsoleSchema.options(draft.server()))
        .telemetry(TelemetrySchema.options(draft.server()))
        .operators(OperatorSchema.keys(draft.server()))
        .database(database)
        .acme(AcmeSchema.options(draft.server()))
        .apps(draft.apps().stream().map(AppSchema::app).toList())
        .draft(draft)
        .build();
  }
}
