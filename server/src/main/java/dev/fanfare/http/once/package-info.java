/// Requests that are carried out once, however often they are sent: see
/// [dev.fanfare.http.once.IdempotencyKeys].
///
/// May import: budget, bus, observe, protocol.
@NullMarked
package dev.fanfare.http.once;

import org.jspecify.annotations.NullMarked;
