/// A node that ends behind a balancer, as clients live through it.
@NullMarked
package dev.fanfare.drain;

import org.jspecify.annotations.NullMarked;
