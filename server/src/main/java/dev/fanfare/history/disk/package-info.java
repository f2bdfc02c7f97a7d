/// History that survives the process: [dev.fanfare.history.disk.DiskStore] has the newest events of
/// channels in memory, and all of them in the files of `history.segment`, which one thread writes.
///
/// May import: history, history.mailbox, history.segment, app, observe, protocol.
@NullMarked
package dev.fanfare.history.disk;

import org.jspecify.annotations.NullMarked;
