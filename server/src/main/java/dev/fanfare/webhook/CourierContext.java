package dev.fanfare.webhook;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import java.time.InstantSource;

/// What all couriers share.
///
/// @param wall tells when an event happened and when it is too old
/// @param monotonic measures how long a request is collected
/// @param outcomes hears what became of the events
record CourierContext(
    Outbox outbox,
    HttpSender sender,
    RetrySchedule schedule,
    Pause pause,
    WebhookOptions options,
    InstantSource wall,
    NanoClock monotonic,
    ServerListener outcomes) {}
