package dev.fanfare.transport;

import dev.fanfare.app.Apps;
import dev.fanfare.http.Router;
import dev.fanfare.observe.Readiness;
import dev.fanfare.session.SessionContext;

/// What every socket of this node needs; immutable.
public record SocketContext(
    ServerOptions options,
    Apps apps,
    SessionContext sessions,
    Router router,
    SourceLimits sources,
    FileBudget files,
    Readiness readiness) {}
