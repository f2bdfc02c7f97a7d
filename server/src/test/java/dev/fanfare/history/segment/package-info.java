@NullMarked
package dev.fanfare.history.segment;

import org.jspecify.annotations.NullMarked;
