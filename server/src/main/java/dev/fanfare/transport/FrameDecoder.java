package dev.fanfare.transport;

import dev.fanfare.observe.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/// Netty's decoder, which also knows how long the present frame wants to be: who sent one that is
/// too long shall read how long it was. Counts what arrives. Confined to its lane.
final class FrameDecoder extends WebSocket13FrameDecoder {

  private static final int BETWEEN_FRAMES = -1;

  // The second byte of a frame holds its length or says how many bytes behind it do (RFC 6455 5.2).
  private static final int LENGTH_BITS = 0x7f;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private long payloadBytes = BETWEEN_FRAMES;

  private final Traffic traffic;

  FrameDecoder(WebSocketDecoderConfig config, Traffic traffic) {
    super(config);
    this.traffic = traffic;
  }

  /// Bytes that the header of the present frame announces; negative if there is none.
  long payloadBytes() {
    return payloadBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      traffic.add(Traffic.Count.BYTES_RECEIVED, bytes.readableBytes());
    }
    super.channelRead(ctx, message);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (payloadBytes == BETWEEN_FRAMES && !readLength(in)) {
      return;
    }
    int before = out.size();
    super.decode(ctx, in, out);
    if (out.size() > before) {
      payloadBytes = BETWEEN_FRAMES;
    }
  }

  /// Looks at the length without taking it; false if it has not arrived yet.
  private boolean readLength(ByteBuf in) {
    if (in.readableBytes() < 2) {
      return false;
    }
    int length = in.getByte(in.readerIndex() + 1) & LENGTH_BITS;
    int more = length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0;
    if (in.readableBytes() < 2 + more) {
      return false;
    }
    int at = in.readerIndex() + 2;
    payloadBytes = more == 2 ? in.getUnsignedShort(at) : more == 8 ? in.getLong(at) : length;
    return true;
  }
}
