/// Files that keep the events of channels: a [dev.fanfare.history.segment.SegmentLog] is a row of
/// [dev.fanfare.history.segment.Segment]s, to the last of which records are appended. One thread
/// writes, any reads.
///
/// May import: history.
@NullMarked
package dev.fanfare.history.segment;

import org.jspecify.annotations.NullMarked;
