/// The clients of a warm-up: plain sockets on loopback, which one thread reads and writes.
///
/// May import: `app`, and signatures from `protocol`.
@NullMarked
package dev.fanfare.node.warm;

import org.jspecify.annotations.NullMarked;
