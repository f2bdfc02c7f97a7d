package dev.fanfare;

import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.webhook.WebhookOptions;
import io.soabase.recordbuilder.core.RecordBuilder;

/// The options of each part of a server.
@RecordBuilder
public record PartOptions(ServerOptions server, WebhookOptions webhooks, MetricsOptions metrics)
    implements PartOptionsBuilder.With {

  public static final PartOptions DEFAULTS =
      new PartOptions(ServerOptions.DEFAULTS, WebhookOptions.DEFAULTS, MetricsOptions.DEFAULTS);
}
