/// TLS on a socket: [PortPolicy] says whether a port accepts it, [FirstByte] detects it, [Tls]
/// makes the handler, [TlsEvents] reports on it.
///
/// May import: `transport`, `transport.memory`, `dev.fanfare.tls`.
@NullMarked
package dev.fanfare.transport.tls;

import org.jspecify.annotations.NullMarked;
