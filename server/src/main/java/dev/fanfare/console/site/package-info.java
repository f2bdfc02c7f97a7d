/// The files of the console's pages, out of the jar.
@NullMarked
package dev.fanfare.console.site;

import org.jspecify.annotations.NullMarked;
