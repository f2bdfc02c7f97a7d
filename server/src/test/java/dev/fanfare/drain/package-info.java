/// Shutdown of a node as clients experience it.
@NullMarked
package dev.fanfare.drain;

import org.jspecify.annotations.NullMarked;
