/// What has happened, as values: a [Row] for each thing, an [EventTrace] for each publish. The
/// [Retrospect] remembers the last ones of each sort; [RowStreams] pass on what their readers
/// select.
///
/// May import: the words, `channel.lane`.
@NullMarked
package dev.fanfare.console.row;

import org.jspecify.annotations.NullMarked;
