package dev.fanfare.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The way to the kernel of the frames that a socket gets in a turn, while nothing waits for its
/// peer: Netty's pipeline and queue cost as much as a third of the system call. Whatever else
/// happens to the socket meanwhile, the frames take the pipeline like all others, so the order is
/// that of the pipeline. Confined to the connection's lane.
///
/// A frame is held until the connection is flushed, because a second one in the same turn must not
/// cost a second system call. Small ones are copied together: that costs less than a place in
/// Netty's queue for each. What the kernel does not accept goes through the pipeline, which also
/// finds out why: a socket that has failed fails there once more, and is closed as always.
abstract class DirectWrite {

  /// For sockets that are not plain TCP over epoll, and while someone watches what is written.
  static final DirectWrite NEVER = new Pipeline();

  /// For sockets that have got no event yet: idle ones need no object.
  static final DirectWrite UNDECIDED = new Pipeline();

  /// Bytes of frames that are copied together.
  static final int MAX_JOINED_BYTES = 4_096;

  private static final int MIN_JOINED_BYTES = 512;

  /// What this turn has brought, with a reference of ours; null if there is nothing.
  private @Nullable ByteBuf held;

  /// True if `held` belongs to this socket alone.
  private boolean isJoined;

  /// True if something was written to the pipeline since its queue was last found empty. While it
  /// is false, nothing of the channel is touched: of thousands of sockets, none is in the cache.
  private boolean mayWait = true;

  /// How frames for this socket may be sent.
  ///
  /// @param compresses true if frames are made by `permessage-deflate`
  static DirectWrite of(Channel socket, boolean compresses) {
    return socket instanceof EpollSocketChannel epoll
            && epoll.fd() instanceof Socket descriptor
            && !compresses
            && socket.pipeline().get(SslHandler.class) == null
        ? new Epoll(descriptor)
        : NEVER;
  }

  /// Shared by all connections, so it never changes.
  private static final class Pipeline extends DirectWrite {

    @Override
    boolean isOpen() {
      return false;
    }

    @Override
    int send(ByteBuf frame) {
      return 0;
    }
  }

  /// A descriptor of the kernel. Its number may belong to another socket after it was closed.
  private static final class Epoll extends DirectWrite {

    private final Socket descriptor;

    private Epoll(Socket descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    boolean isOpen() {
      return descriptor.isOpen();
    }

    @Override
    int send(ByteBuf frame) throws IOException {
      int from = frame.readerIndex();
      int to = frame.writerIndex();
      if (frame.hasMemoryAddress()) {
        return descriptor.sendAddress(frame.memoryAddress(), from, to);
      }
      ByteBuffer bytes = frame.internalNioBuffer(from, to - from);
      return descriptor.send(bytes, bytes.position(), bytes.limit());
    }
  }

  /// False if the socket was closed on our side, at once.
  abstract boolean isOpen();

  /// Passes a frame to the kernel with one system call.
  ///
  /// @return how many of its bytes the kernel has accepted; 0 if its buffer is full
  abstract int send(ByteBuf frame) throws IOException;

  /// True if nothing waits for the peer of a socket that is open, so that the first frame since the
  /// last flush may be held.
  final boolean mayHold(Channel socket) {
    return isOpen() && (!mayWait || isEmpty(socket));
  }

  private boolean isEmpty(Channel socket) {
    ChannelOutboundBuffer queue = socket.unsafe().outboundBuffer();
    mayWait = queue == null || queue.totalPendingWriteBytes() > 0;
    return !mayWait;
  }

  /// True if a frame may be added to what is held.
  final boolean mayJoin(SharedFrame frame) {
    ByteBuf before = held;
    return before != null
        && before.readableBytes() + frame.plain().readableBytes() <= MAX_JOINED_BYTES;
  }

  /// Takes a frame for the next flush.
  ///
  /// @return the bytes that were copied for this socket alone
  final int hold(Channel socket, ByteBuf frame) {
    ByteBuf before = held;
    if (before == null) {
      held = frame.retain();
      return 0;
    }
    int bytes = frame.readableBytes();
    if (isJoined) {
      before.writeBytes(frame, frame.readerIndex(), bytes);
      return bytes;
    }
    int joined = before.readableBytes() + bytes;
    int room = Math.clamp(4L * joined, MIN_JOINED_BYTES, MAX_JOINED_BYTES);
    held =
        socket
            .alloc()
            .directBuffer(room, MAX_JOINED_BYTES)
            .writeBytes(before, before.readerIndex(), before.readableBytes())
            .writeBytes(frame, frame.readerIndex(), bytes);
    isJoined = true;
    before.release();
    return joined;
  }

  /// Ends the holding.
  private @Nullable ByteBuf takeHeld() {
    ByteBuf frame = held;
    held = null;
    isJoined = false;
    return frame;
  }

  /// Something else is about to be written, asked or ended: writes what is held to the pipeline.
  final void passOn(Channel socket) {
    ByteBuf frame = takeHeld();
    if (frame != null) {
      write(socket, frame);
    } else if (!mayWait) {
      mayWait = true;
    }
  }

  /// Writes to the pipeline as if there were no other way.
  ///
  /// @param frame one reference is passed on
  private void write(Channel socket, ByteBuf frame) {
    mayWait = true;
    var _ = socket.write(duplicate(frame), socket.voidPromise());
  }

  /// Other sockets send the frame, too: each needs separate indices.
  private static ByteBuf duplicate(ByteBuf frame) {
    try {
      return frame.retainedDuplicate();
    } finally {
      frame.release();
    }
  }

  /// Sends what is held; false if the pipeline must be flushed because there is nothing, or because
  /// the kernel has not accepted all of it.
  final boolean flush(Channel socket) {
    ByteBuf frame = takeHeld();
    if (frame == null) {
      return false;
    }
    int bytes = frame.readableBytes();
    int sent = isOpen() ? trySend(frame) : 0;
    if (sent == bytes) {
      frame.release();
      return true;
    }
    if (sent == 0) {
      write(socket, frame);
      return false;
    }
    mayWait = true;
    writeRest(socket, frame, sent);
    return false;
  }

  private int trySend(ByteBuf frame) {
    try {
      return send(frame);
    } catch (IOException | RuntimeException _) {
      return 0; // the pipeline finds out why
    }
  }

  /// A client that has half of a frame must not get another one, not even a close frame.
  private static void writeRest(Channel socket, ByteBuf frame, int sent) {
    boolean isWritten = false;
    try {
      ByteBuf rest = frame.retainedSlice(frame.readerIndex() + sent, frame.readableBytes() - sent);
      var _ = socket.write(rest).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
      isWritten = true;
    } finally {
      frame.release();
      if (!isWritten) {
        var _ = socket.close();
      }
    }
  }
}
