/// Attacks with HTTP requests.
@NullMarked
package dev.fanfare.loadtest.attack.http;

import org.jspecify.annotations.NullMarked;
