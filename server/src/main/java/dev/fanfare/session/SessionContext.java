package dev.fanfare.session;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;

/// What all sessions of a node share: the handlers of their messages, each with the parts that it
/// needs.
public record SessionContext(
    Sessions sessions,
    Subscribing subscribing,
    ClientEvents clientEvents,
    SigningIn signingIn,
    ServerListener listener,
    NanoClock clock) {}
