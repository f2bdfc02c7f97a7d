package dev.fanfare.webhook.courier;

import dev.fanfare.budget.Share;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.WebhookOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.InstantSource;

/// What all couriers share.
///
/// @param wall the time of events and of their expiry
/// @param monotonic measures the batch window
/// @param outcomes is notified of what became of the events
/// @param memory for the ids of the events that wait
@RecordBuilder
public record CourierContext(
    Outbox outbox,
    HttpSender sender,
    RetrySchedule schedule,
    Pause pause,
    WebhookOptions options,
    InstantSource wall,
    NanoClock monotonic,
    ServerListener outcomes,
    Share memory) {}
