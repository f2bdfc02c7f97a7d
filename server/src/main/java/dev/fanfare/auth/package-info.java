/// Signature checks.
///
/// [ClientAuth] checks subscriptions and sign-ins, [RequestAuth] the HTTP API. A failed check is a
/// [Refusal] with the text for the client.
///
/// May import: `protocol`, `app`, `observe`.
@NullMarked
package dev.fanfare.auth;

import org.jspecify.annotations.NullMarked;
