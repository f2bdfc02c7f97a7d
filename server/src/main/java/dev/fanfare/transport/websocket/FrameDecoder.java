package dev.fanfare.transport.websocket;

import dev.fanfare.observe.Traffic;
import dev.fanfare.protocol.Utf8;
import dev.fanfare.transport.memory.Cut;
import dev.fanfare.transport.memory.Holdings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/// Netty's decoder, which also knows the announced length of the current frame, for the refusal of
/// one that is too long, and checks close frames with its own messages. Counts received bytes.
/// Confined to its lane.
final class FrameDecoder extends WebSocket13FrameDecoder {

  /// The event that ends a pause.
  static final Object RESUME = new Object();

  private static final int BETWEEN_FRAMES = -1;

  /// Between frames, and those that have arrived are kept undecoded.
  private static final int PAUSED = -2;

  /// Codes above are not defined (RFC 6455 section 7.4.2).
  private static final int MAX_CLOSE_CODE = 4_999;

  // The second byte of a frame holds its length or says how many bytes behind it do (RFC 6455 5.2).
  private static final int LENGTH_BITS = 0x7f;
  private static final int OPCODE_BITS = 0x0f;
  private static final int CLOSE = 0x8;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private long payloadBytes = BETWEEN_FRAMES;

  private final Traffic traffic;

  private final Holdings holdings;

  /// What the incomplete frame holds.
  private int held;

  FrameDecoder(WebSocketDecoderConfig config, Traffic traffic, Holdings holdings) {
    super(config);
    this.traffic = traffic;
    this.holdings = holdings;
  }

  /// Counts what the incomplete frame holds.
  private void holdFrame(ChannelHandlerContext ctx) {
    int now = actualReadableBytes() > 0 ? internalBuffer().capacity() : 0;
    if (now != held) {
      held = now;
      if (!holdings.hold(ctx.channel(), Holdings.Part.FRAME, now)) {
        Cut.now(ctx.channel(), holdings.usedUp("this frame needs " + now + " bytes"));
      }
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    var _ = holdings.hold(ctx.channel(), Holdings.Part.FRAME, 0);
  }

  /// Payload bytes announced by the header of the current frame; negative between frames.
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

  /// Decodes nothing more until the event [#RESUME], not even what has arrived. Called between
  /// frames, that is when one is passed on. The caller stops reading from the socket.
  void pause() {
    payloadBytes = PAUSED;
  }

  boolean isPaused() {
    return payloadBytes == PAUSED;
  }

  /// On [#RESUME], decodes what has arrived, until the next [#pause].
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event != RESUME || !isPaused()) {
      super.userEventTriggered(ctx, event);
      return;
    }
    payloadBytes = BETWEEN_FRAMES;
    try {
      super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
    } finally {
      channelReadComplete(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    holdFrame(ctx);
    if (isPaused()) {
      ctx.fireChannelReadComplete(); // the decoder would ask for more, since it decoded nothing
    } else {
      super.channelReadComplete(ctx);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (isPaused()) {
      return;
    }
    if (payloadBytes == BETWEEN_FRAMES && !readLength(in)) {
      return;
    }
    int before = out.size();
    super.decode(ctx, in, out);
    if (out.size() > before) {
      payloadBytes = BETWEEN_FRAMES;
    }
  }

  /// Checks the body of a close frame (RFC 6455 section 5.5.1 and 7.4).
  @Override
  protected void checkCloseFrameBody(ChannelHandlerContext ctx, ByteBuf body) {
    int length = body == null ? 0 : body.readableBytes();
    if (length < 2) {
      return;
    }
    int code = body.getUnsignedShort(body.readerIndex());
    if (!WebSocketCloseStatus.isValidStatusCode(code) || code > MAX_CLOSE_CODE) {
      throw violation("Invalid close code " + code);
    }
    byte[] reason = ByteBufUtil.getBytes(body, body.readerIndex() + 2, length - 2);
    if (!Utf8.isValid(reason)) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "The close reason must be UTF-8");
    }
  }

  private static CorruptedWebSocketFrameException violation(String message) {
    return new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, message);
  }

  /// Reads the length without consuming it; false if it has not arrived yet.
  private boolean readLength(ByteBuf in) {
    if (in.readableBytes() < 2) {
      return false;
    }
    int length = in.getByte(in.readerIndex() + 1) & LENGTH_BITS;
    int more = length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0;
    if (in.readableBytes() < 2 + more) {
      return false;
    }
    if (length == 1 && (in.getByte(in.readerIndex()) & OPCODE_BITS) == CLOSE) {
      throw violation("A close frame contains a code of 2 bytes or nothing, not 1 byte");
    }
    int at = in.readerIndex() + 2;
    payloadBytes = more == 2 ? in.getUnsignedShort(at) : more == 8 ? in.getLong(at) : length;
    return true;
  }
}
