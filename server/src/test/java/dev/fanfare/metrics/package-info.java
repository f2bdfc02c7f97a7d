/// The numbers of running servers, as a collector reads them.
@NullMarked
package dev.fanfare.metrics;

import org.jspecify.annotations.NullMarked;
