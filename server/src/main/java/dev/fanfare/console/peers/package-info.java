/// The consoles of the other nodes of a cluster: what this one asks them, and what they ask.
@NullMarked
package dev.fanfare.console.peers;

import org.jspecify.annotations.NullMarked;
