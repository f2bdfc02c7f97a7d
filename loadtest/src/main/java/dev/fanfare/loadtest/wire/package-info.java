/// The bytes a load generator sends and receives, without sockets or threads.
///
/// [FrameScanner] reads what a server pushes and [ResponseScanner] its HTTP responses, both from
/// network buffers that may be split anywhere. [Stamp] is the fixed-width text in a message by
/// which a delivery is recognised, checked and timed in a few nanoseconds. [ClientFrames] and
/// [SignedRequests] create the bytes to send.
///
/// May import: the JDK, `protocol` and `plan`.
@NullMarked
package dev.fanfare.loadtest.wire;

import org.jspecify.annotations.NullMarked;
