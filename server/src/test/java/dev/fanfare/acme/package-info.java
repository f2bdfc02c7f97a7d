/// Tests of ordered certificates.
@NullMarked
package dev.fanfare.acme;

import org.jspecify.annotations.NullMarked;
