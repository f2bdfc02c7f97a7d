/// Whole flows through a real server, in bytes and HTTP only.
@NullMarked
package dev.fanfare.flows;

import org.jspecify.annotations.NullMarked;
