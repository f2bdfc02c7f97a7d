/// What requests cost the server: a program to run by hand, no tests.
@NullMarked
package dev.fanfare.cost;

import org.jspecify.annotations.NullMarked;
