@NullMarked
package dev.fanfare.http.once;

import org.jspecify.annotations.NullMarked;
