/// The metrics of running servers, as Prometheus scrapes them.
@NullMarked
package dev.fanfare.metrics;

import org.jspecify.annotations.NullMarked;
