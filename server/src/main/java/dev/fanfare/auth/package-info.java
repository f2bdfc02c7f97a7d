/// Who may do what, decided by signatures.
///
/// [ClientAuth] checks subscriptions and sign-ins, [RequestAuth] the HTTP API. A `no` is a
/// [Refusal], which carries the sentence that the other side reads.
///
/// May import: `protocol`, `app`, `observe`.
@NullMarked
package dev.fanfare.auth;

import org.jspecify.annotations.NullMarked;
