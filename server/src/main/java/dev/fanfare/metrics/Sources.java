package dev.fanfare.metrics;

import dev.fanfare.app.Apps;
import dev.fanfare.app.DirectoryState;
import dev.fanfare.budget.Ledger;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.history.disk.DiskStore;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.observe.CertificateOrders;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Reloads;
import dev.fanfare.observe.Shedding;
import dev.fanfare.session.Sessions;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What gauges are read from.
///
/// @param shared keeps the events of all nodes; null if they share none
/// @param port the port for clients
/// @param version the version of this build
/// @param lostRows rows that the console has forgotten since there were too many at once
/// @param sentSpans spans that a receiver of traces has accepted
/// @param lostSpans spans that were given up
/// @param certificateExpiry when the certificate in use expires, seconds since the epoch; NaN
///   without one
/// @param tlsEngine the name of what new connections are encrypted with; empty without TLS
/// @param cluster the newest state of the cluster; null if this node has no others
/// @param directory the newest state of the look-up of apps; null if they are in no database
/// @param overHttp visits each established connection over HTTP with the id of its app and its
///   transport
/// @param certificateOrders how orders of certificates have ended
@RecordBuilder
public record Sources(
    Apps apps,
    Lanes lanes,
    Channels channels,
    DiskStore history,
    @Nullable SharedStore shared,
    Sessions sessions,
    Readiness readiness,
    Shedding shedding,
    Reloads reloads,
    Outbox outbox,
    Webhooks webhooks,
    Ledger ledger,
    int port,
    String version,
    LongSupplier lostRows,
    LongSupplier sentSpans,
    LongSupplier lostSpans,
    DoubleSupplier certificateExpiry,
    Supplier<String> tlsEngine,
    ClusterState.@Nullable Source cluster,
    DirectoryState.@Nullable Source directory,
    Consumer<BiConsumer<String, String>> overHttp,
    CertificateOrders.Source certificateOrders) {}
