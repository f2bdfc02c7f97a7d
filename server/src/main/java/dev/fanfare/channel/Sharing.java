package dev.fanfare.channel;

import dev.fanfare.observe.NanoClock;
import java.time.InstantSource;

/// What channels need to know if other nodes have a part in them.
///
/// @param clock the clock of the bus
/// @param wall orders events that nodes keep without knowing of each other's
/// @param handOverNs how long a user of a draining node counts as present
/// @param origin distinguishes what this node keeps; a random number
public record Sharing(NanoClock clock, InstantSource wall, long handOverNs, int origin) {}
