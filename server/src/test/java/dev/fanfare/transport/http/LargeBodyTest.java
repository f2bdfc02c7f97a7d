package dev.fanfare.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A large body leaves in slices, a few in each turn of the loop.
final class LargeBodyTest {

  private static final int TURNS = 5;

  private final EmbeddedChannel socket = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
  private final ChannelHandlerContext ctx = socket.pipeline().firstContext();
  private final byte[] bytes = new byte[TURNS * LargeBody.LIMIT_BYTES + 1];
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private int flushes;
  private int ends;
  private final LargeBody body = new LargeBody(ctx, bytes, () -> flushes++, this::end);

  private void end() {
    ends++;
    ctx.flush();
  }

  @BeforeEach
  void setWaterMark() {
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 20, 1 << 20));
  }

  /// How many slices were sent since the last call.
  private int slices() {
    int slices = 0;
    HttpContent content;
    while ((content = socket.readOutbound()) != null) {
      ByteBuf slice = content.content();
      assertThat(slice.readableBytes()).isBetween(1, LargeBody.SLICE_BYTES);
      byte[] copy = new byte[slice.readableBytes()];
      slice.readBytes(copy);
      sent.writeBytes(copy);
      content.release();
      slices++;
    }
    return slices;
  }

  @Test
  void eachTurnWritesAFewSlices() {
    new Random(1).nextBytes(bytes);
    body.resume();
    body.resume(); // the socket was writable all the time
    for (int turn = 0; turn < TURNS; turn++) {
      assertThat(slices()).isEqualTo(LargeBody.SLICES);
      assertThat(ends).isZero();
      var _ = socket.runScheduledPendingTasks();
    }
    assertThat(slices()).isEqualTo(1);
    assertThat(ends).isEqualTo(1);
    assertThat(flushes).isEqualTo(TURNS);
    assertThat(sent.toByteArray()).isEqualTo(bytes);
    var _ = socket.runScheduledPendingTasks();
    assertThat(slices()).isZero();
  }

  @Test
  void nothingIsWrittenWhileThePeerDoesNotRead() {
    int most = LargeBody.SLICE_BYTES + 1;
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(most, most));
    var _ = ctx.write(socket.alloc().buffer(2 * most).writeZero(2 * most));
    assertThat(socket.isWritable()).isFalse();
    body.resume();
    var _ = socket.runScheduledPendingTasks();
    assertThat(ends).isZero();
    ByteBuf before;
    socket.flush(); // the peer reads
    before = socket.readOutbound();
    assertThat(before.readableBytes()).isEqualTo(2 * most);
    before.release();
    body.resume();
    assertThat(slices()).isPositive();
  }

  /// A peer that reads slowly: the last slice is one byte more than may wait.
  @Test
  void itEndsOnceIfItsLastSliceFillsTheSocket() {
    int most = LargeBody.LIMIT_BYTES - 1;
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(most, most));
    LargeBody full =
        new LargeBody(ctx, new byte[LargeBody.LIMIT_BYTES], () -> flushes++, this::end);
    socket
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                full.resume();
              }
            });
    full.resume();
    var _ = socket.runScheduledPendingTasks();
    assertThat(slices()).isEqualTo(LargeBody.SLICES);
    assertThat(ends).isEqualTo(1);
  }

  /// Each slice fills the socket, and its peer reads it at once.
  @Test
  void aSocketThatFillsUpAgainAndAgainGetsOneSliceInEachTurn() {
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1));
    socket
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                body.resume();
              }
            });
    body.resume();
    for (int turn = 0; turn < TURNS * LargeBody.SLICES; turn++) {
      assertThat(slices()).isEqualTo(1);
      var _ = socket.runScheduledPendingTasks();
    }
    assertThat(slices()).isEqualTo(1);
    assertThat(ends).isEqualTo(1);
    assertThat(sent.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void aClosedSocketEndsIt() {
    body.resume();
    assertThat(slices()).isEqualTo(LargeBody.SLICES);
    var _ = socket.close(); // which runs what is scheduled first
    var _ = slices();
    body.resume();
    var _ = socket.runScheduledPendingTasks();
    assertThat(slices()).isZero();
    assertThat(ends).isZero();
  }
}
