package dev.fanfare.transport.http;

import dev.fanfare.transport.memory.Cut;
import dev.fanfare.transport.memory.Holdings;
import dev.fanfare.transport.memory.Holdings.Part;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.List;

/// Netty's decoder and encoder for one socket. What an incomplete head holds counts against the
/// memory for requests. Confined to its lane.
public final class HttpCodec
    extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {

  /// Bytes of the heap that a byte of a parsed header may cost: a header has at least four
  /// characters and is kept as an entry with two strings.
  private static final int HEAP_PER_BYTE = 32;

  public HttpCodec(HttpDecoderConfig config, Holdings holdings) {
    super(new Decoder(config, holdings), new HttpResponseEncoder());
  }

  private static final class Decoder extends HttpRequestDecoder {

    private final Holdings holdings;

    /// Bytes of the incomplete head that were parsed.
    private long parsed;

    private long held;

    Decoder(HttpDecoderConfig config, Holdings holdings) {
      super(config);
      this.holdings = holdings;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
        throws Exception {
      int from = in.readerIndex();
      int before = out.size();
      super.decode(ctx, in, out);
      parsed = out.size() > before ? 0 : parsed + in.readerIndex() - from;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
      int input = actualReadableBytes() > 0 ? internalBuffer().capacity() : 0;
      long now = input + parsed * HEAP_PER_BYTE;
      if (now != held) {
        hold(ctx, now);
      }
      super.channelReadComplete(ctx);
    }

    private void hold(ChannelHandlerContext ctx, long bytes) {
      if (holdings.hold(ctx.channel(), Part.HEAD, bytes)) {
        held = bytes;
      } else {
        Cut.now(ctx.channel(), holdings.usedUp("this connection needs " + bytes + " bytes"));
      }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
      parsed = 0;
      held = 0;
      var _ = holdings.hold(ctx.channel(), Part.HEAD, 0);
    }
  }
}
