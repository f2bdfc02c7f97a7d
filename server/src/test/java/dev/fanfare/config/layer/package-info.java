/// Tests of the configuration; [Given] writes one for them.
@NullMarked
package dev.fanfare.config.layer;

import org.jspecify.annotations.NullMarked;
