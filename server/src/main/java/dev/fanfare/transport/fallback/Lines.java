package dev.fanfare.transport.fallback;

import dev.fanfare.transport.websocket.MessageLine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;

/// The lines that wait for one client. Confined to the connection's lane.
final class Lines {

  /// What a line takes besides its bytes while it waits: the buffer and its place in the queue.
  private static final int OWN_LINE_BYTES = 192;

  private record Line(ByteBuf bytes, int units, boolean isShared) {

    int own() {
      return isShared ? 0 : bytes.readableBytes() + OWN_LINE_BYTES;
    }
  }

  private final Deque<Line> lines = new ArrayDeque<>(4);
  private long bytes;
  private long own;

  /// Adds a line.
  ///
  /// @param isShared true if the buffer is one that many connections send; it is retained, while
  ///   another one is taken over
  void add(MessageLine line, boolean isShared) {
    Line added = new Line(isShared ? line.bytes().retain() : line.bytes(), line.units(), isShared);
    lines.add(added);
    bytes += added.bytes.readableBytes();
    own += added.own();
  }

  /// Removes what a response may carry: lines until it has more than `room` units, or `maxBytes`
  /// bytes. At least one line.
  ///
  /// @param response what it has so far, which is updated
  /// @return to be released
  ByteBuf take(Units response, long maxBytes) {
    ByteBuf first = takeOne(response);
    if (!mayTake(response, first.readableBytes(), maxBytes)) {
      return first;
    }
    CompositeByteBuf all = Unpooled.compositeBuffer(Integer.MAX_VALUE).addComponent(true, first);
    do {
      all.addComponent(true, takeOne(response));
    } while (mayTake(response, all.readableBytes(), maxBytes));
    return all;
  }

  private boolean mayTake(Units response, long taken, long maxBytes) {
    return !lines.isEmpty() && !response.isFull() && taken < maxBytes;
  }

  private ByteBuf takeOne(Units response) {
    Line line = lines.remove();
    bytes -= line.bytes.readableBytes();
    own -= line.own();
    response.add(line.units);
    return line.isShared ? line.bytes.duplicate() : line.bytes; // each sender has its own position
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /// Bytes that wait.
  long bytes() {
    return bytes;
  }

  /// Bytes that wait for this client alone.
  long own() {
    return own;
  }

  /// Drops all of them.
  void clear() {
    lines.forEach(line -> line.bytes.release());
    lines.clear();
    bytes = 0;
    own = 0;
  }
}
