package dev.fanfare.console;

import dev.fanfare.app.Apps;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.session.Sessions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.InstantSource;

/// What the console reads.
///
/// @param clock of the sessions
/// @param version of this build
@RecordBuilder
public record ConsoleParts(
    Apps apps,
    Channels channels,
    Sessions sessions,
    Lanes lanes,
    Readiness readiness,
    NanoClock clock,
    InstantSource wall,
    String version) {}
