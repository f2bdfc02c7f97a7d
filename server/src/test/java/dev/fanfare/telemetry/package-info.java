/// Headers of traces, and what becomes of spans whose receiver is away.
@NullMarked
package dev.fanfare.telemetry;

import org.jspecify.annotations.NullMarked;
