/// What the node does, as figures: [Figures] reads once a second what is counted anyway and keeps
/// the last quarter of an hour; [Highlights] finds what stands out right now.
///
/// May import: the words, `channel`, `channel.lane`, `session`, `console.row`.
@NullMarked
package dev.fanfare.console.figure;

import org.jspecify.annotations.NullMarked;
