/// What channels keep for those who were not there: the last event of a cache channel, and the
/// events of channels that a [dev.fanfare.app.HistoryRule] covers. A [dev.fanfare.history.EventLog]
/// is what one channel keeps, and a [dev.fanfare.history.HistoryStore] has those of all channels.
///
/// May import: app, budget, protocol.
@NullMarked
package dev.fanfare.history;

import org.jspecify.annotations.NullMarked;
