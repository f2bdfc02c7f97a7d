/// Connections as a client makes them, in slow motion: each blocks until a [Deadline] and keeps
/// what it saw. [Dialer] connects, [HttpCall] sends one request, [PusherSocket] speaks the
/// protocol.
///
/// May import: `protocol`, `auth`.
@NullMarked
package dev.fanfare.doctor.wire;

import org.jspecify.annotations.NullMarked;
