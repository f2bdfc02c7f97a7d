package dev.fanfare.transport;

import dev.fanfare.app.Apps;
import dev.fanfare.http.Router;
import dev.fanfare.observe.Readiness;
import dev.fanfare.session.SessionContext;
import io.soabase.recordbuilder.core.RecordBuilder;

/// What every socket of this node needs; immutable.
@RecordBuilder
public record SocketContext(
    ServerOptions options,
    Apps apps,
    SessionContext sessions,
    Router router,
    SourceLimits sources,
    FileBudget files,
    Readiness readiness) {}
