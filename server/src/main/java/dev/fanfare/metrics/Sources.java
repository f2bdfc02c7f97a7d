package dev.fanfare.metrics;

import dev.fanfare.app.Apps;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Lanes;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Reloads;
import dev.fanfare.session.Sessions;
import dev.fanfare.webhook.Outbox;
import java.util.function.DoubleSupplier;

/// The registries whose sizes are told as they are when somebody asks.
///
/// @param port where clients connect
/// @param version of this build
/// @param certificateExpiry until when the certificate in use is valid, seconds since the epoch;
///   not a number without one
public record Sources(
    Apps apps,
    Lanes lanes,
    Channels channels,
    Sessions sessions,
    Readiness readiness,
    Reloads reloads,
    Outbox outbox,
    int port,
    String version,
    DoubleSupplier certificateExpiry) {}
