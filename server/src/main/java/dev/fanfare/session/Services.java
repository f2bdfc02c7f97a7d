package dev.fanfare.session;

import dev.fanfare.app.Apps;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Publisher;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;

/// What all sessions of a node share.
public record Services(
    Channels channels,
    Publisher publisher,
    Sessions sessions,
    Watchlists watchlists,
    ServerListener listener,
    NanoClock clock,
    Apps apps) {}
