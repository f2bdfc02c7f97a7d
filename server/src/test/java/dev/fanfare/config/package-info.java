/// Tests of the configuration; [Given] writes one for them.
@NullMarked
package dev.fanfare.config;

import org.jspecify.annotations.NullMarked;
