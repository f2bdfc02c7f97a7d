package dev.fanfare.session;

import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Publisher;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;

/// Dependencies shared by all sessions of a node.
public record Services(
    Channels channels,
    Publisher publisher,
    Sessions sessions,
    Watchlists watchlists,
    ServerListener listener,
    NanoClock clock,
    Shedding shedding) {}
