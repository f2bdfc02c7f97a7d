@NullMarked
package dev.fanfare.transport.http;

import org.jspecify.annotations.NullMarked;
