/// What tests stand on: a real server, a socket that says any byte, a clock in the hand.
@NullMarked
package dev.fanfare.testing;

import org.jspecify.annotations.NullMarked;
