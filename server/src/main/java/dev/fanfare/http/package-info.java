/// The HTTP API (section 6), without sockets: a [Request] goes in, an [Answer] comes out.
///
/// [Router] finds the endpoint by the raw path in the [RouteTable], `RequestAuth` checks the
/// signature, and one class per group of endpoints brings the rows and does the work.
///
/// May import: `protocol`, `app`, `observe`, `bus`, `auth`, `channel`, `session`, `webhook`.
@NullMarked
package dev.fanfare.http;

import org.jspecify.annotations.NullMarked;
