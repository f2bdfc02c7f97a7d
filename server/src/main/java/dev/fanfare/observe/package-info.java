/// What happened, for whoever wants to know: logs, metrics, webhooks.
///
/// [ServerListener] is called by the code that decides, at the moment it decides; listeners must
/// not block, throw or call back. [RefusalLog] is the listener that writes log lines, in which
/// [SecretMask] leaves no secret. What happens too often to be told is counted where it happens:
/// each lane has a [LaneTally].
///
/// May import: `protocol`, `app`.
@NullMarked
package dev.fanfare.observe;

import org.jspecify.annotations.NullMarked;
