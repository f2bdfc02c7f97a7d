/// What happened, for everything that reports it: logs and metrics.
///
/// [ServerListener] is notified of each [Observation] by the code where it happens, at that moment;
/// listeners must not block, throw or call back. [ServerLog] is the listener that writes log lines,
/// named after a [Component] and free of secrets ([SecretMask]). What happens too often for a
/// listener is counted where it happens: each lane has a [LaneTally].
///
/// May import: `protocol`, `app`.
@NullMarked
package dev.fanfare.observe;

import org.jspecify.annotations.NullMarked;
