/// Tests of the memory ledger.
@NullMarked
package dev.fanfare.budget;

import org.jspecify.annotations.NullMarked;
