/// The HTTP API without sockets.
@NullMarked
package dev.fanfare.http;

import org.jspecify.annotations.NullMarked;
