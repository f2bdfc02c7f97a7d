@NullMarked
package dev.fanfare.history.disk;

import org.jspecify.annotations.NullMarked;
