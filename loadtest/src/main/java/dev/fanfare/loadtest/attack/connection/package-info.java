/// Attacks before the first request: TCP, TLS and the PROXY protocol.
@NullMarked
package dev.fanfare.loadtest.attack.connection;

import org.jspecify.annotations.NullMarked;
