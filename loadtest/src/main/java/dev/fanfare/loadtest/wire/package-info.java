/// The bytes a load generator sends and receives, without sockets or threads.
///
/// [FrameScanner] reads what a server pushes and [ResponseScanner] what it answers over HTTP, both
/// from whatever pieces the network hands over. [Stamp] is the fixed-width text inside a message by
/// which a delivery is recognised, checked and timed in a few nanoseconds. [ClientFrames] and
/// [SignedRequests] make the bytes that go out.
///
/// May import: the JDK, `protocol` and `plan`.
@NullMarked
package dev.fanfare.loadtest.wire;

import org.jspecify.annotations.NullMarked;
