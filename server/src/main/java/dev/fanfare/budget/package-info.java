/// How much memory may be held on behalf of peers: the [Ledger], which divides the heap and the
/// direct memory into [Share]s with a limit each.
///
/// May import: nothing of ours.
@NullMarked
package dev.fanfare.budget;

import org.jspecify.annotations.NullMarked;
