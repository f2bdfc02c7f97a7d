/// Real processes with little memory and many peers that want it.
@NullMarked
package dev.fanfare.memory;

import org.jspecify.annotations.NullMarked;
