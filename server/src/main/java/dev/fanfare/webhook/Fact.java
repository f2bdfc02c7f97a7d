package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.protocol.WebhookEvent;

/// An event of an app, on its way from the listener to the outbox.
///
/// @param createdMs when it happened, milliseconds since the epoch
/// @param atNs the same moment on the monotonic clock, nanoseconds
record Fact(App app, WebhookEvent event, long createdMs, long atNs) {}
