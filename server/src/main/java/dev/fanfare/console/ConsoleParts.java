package dev.fanfare.console;

import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.Apps;
import dev.fanfare.bus.Bus;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.console.route.ClientAddress;
import dev.fanfare.http.Router;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Users;
import dev.fanfare.webhook.outbox.Outbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the console reads and uses.
///
/// @param catalog where apps are changed; gives null until it is known
/// @param router the HTTP API, which carries out what it has too
/// @param outbox of webhooks
/// @param clock of the sessions
/// @param bus to the other nodes
/// @param clients behind trusted proxies too
/// @param protocols versions of TLS that clients may use
/// @param node the name of this node among several; empty if it has no others
/// @param nodes the name of another node, by its life; empty if it is not known
/// @param version of this build
@RecordBuilder
public record ConsoleParts(
    Apps apps,
    Supplier<@Nullable AppCatalog> catalog,
    Channels channels,
    Sessions sessions,
    Users users,
    Router router,
    Outbox outbox,
    Lanes lanes,
    Readiness readiness,
    NanoClock clock,
    InstantSource wall,
    Bus bus,
    ClientAddress clients,
    List<String> protocols,
    String node,
    LongFunction<String> nodes,
    String version) {}
