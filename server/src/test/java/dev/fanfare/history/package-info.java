@NullMarked
package dev.fanfare.history;

import org.jspecify.annotations.NullMarked;
