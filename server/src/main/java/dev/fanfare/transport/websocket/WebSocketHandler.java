package dev.fanfare.transport.websocket;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.MessageReader;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Utf8;
import dev.fanfare.session.Acknowledgement;
import dev.fanfare.session.ChangeRate;
import dev.fanfare.session.Session;
import dev.fanfare.transport.Inflation.Inflated;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.SocketInput.Hold;
import dev.fanfare.transport.memory.Cuttable;
import dev.fanfare.transport.memory.HeldBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Reads one socket's frames and reassembles fragmented messages. A failure closes this connection
/// only. Confined to its lane.
public final class WebSocketHandler extends ChannelInboundHandlerAdapter implements Cuttable {

  private static final Logger log = Component.CONNECTIONS.logger();

  /// The reserved bit of compressed messages, as the decoder reports it.
  private static final int RSV1 = 4;

  private final NettyConnection connection;
  private final int maxMessageBytes;
  private final LaneContext context;

  /// The fragments of an unfinished text message; null between messages.
  private @Nullable HeldBytes fragments;

  /// True if the unfinished message is compressed.
  private boolean areFragmentsDeflated;

  private final ReadRate readRate;

  /// Subscriptions, unsubscriptions and sign-ins, up to [ChangeRate#FREE].
  private short changes;

  /// Limits those after the first [ChangeRate#FREE]; null before, which most connections stay.
  private @Nullable ChangeRate changeRate;

  WebSocketHandler(NettyConnection connection, ServerOptions options, LaneContext context) {
    this.connection = connection;
    this.maxMessageBytes = options.maxMessageBytes();
    this.context = context;
    this.readRate = new ReadRate(options.readBytesPerSecond(), context.nowNs());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      connection.onRead();
      if (message instanceof WebSocketFrame frame) {
        onFrame(ctx, frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    connection.onFlush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    dropFragments();
    connection.onInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    HeapExhaustion.exitIf(cause);
    if (cause.getCause() instanceof CorruptedWebSocketFrameException
        || cause instanceof CorruptedWebSocketFrameException) {
      onCorrupted(ctx, cause);
    } else if (cause instanceof IOException) {
      var _ = ctx.close();
    } else {
      if (LineBudget.FAULTS.permits(log)) {
        log.error("connection {} failed, closing it", connection.socketId(), cause);
      }
      connection
          .lastWords()
          .closeAnyway(CloseCode.RECONNECT, "The server had a problem with this connection");
    }
  }

  private void onFrame(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame.rsv() != 0 && !mayBeDeflated(frame)) {
      fail(CloseCode.PROTOCOL_ERROR, "Reserved bits that mean nothing here: " + frame.rsv());
      return;
    }
    switch (frame) {
      case CloseWebSocketFrame close ->
          connection.onCloseFrame(close.statusCode(), close.reasonText());
      case PingWebSocketFrame ping -> connection.onPing(ping.content());
      case PongWebSocketFrame pong -> onPong(pong.content());
      case TextWebSocketFrame text -> onText(ctx, text);
      case ContinuationWebSocketFrame more -> onFragment(ctx, more);
      case BinaryWebSocketFrame _ ->
          fail(CloseCode.UNSUPPORTED_DATA, "Binary frames are not part of the protocol");
      default -> {}
    }
  }

  private void onPong(ByteBuf payload) {
    Session session = connection.session();
    Acknowledgement acknowledgement = session == null ? null : session.acknowledgement();
    if (acknowledgement != null && payload.isReadable()) {
      acknowledgement.onPong(payload.toString(StandardCharsets.US_ASCII));
    }
  }

  /// Only the first frame of a message says whether it is compressed (RFC 7692 section 6).
  private boolean mayBeDeflated(WebSocketFrame frame) {
    return connection.compresses()
        && frame.rsv() == RSV1
        && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
  }

  private void onText(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
    boolean isDeflated = frame.rsv() != 0;
    if (frame.isFinalFragment()) {
      onMessage(ctx, frame.content(), isDeflated);
    } else {
      areFragmentsDeflated = isDeflated;
      fragments = new HeldBytes(context.requests(), ctx.channel());
      onFragment(ctx, frame);
    }
  }

  private void onFragment(ChannelHandlerContext ctx, WebSocketFrame frame) {
    HeldBytes collected = fragments;
    if (collected == null) {
      return;
    }
    int length = collected.size() + frame.content().readableBytes();
    if (length > maxMessageBytes) {
      fail(CloseCode.MESSAGE_TOO_BIG, tooBig(length));
      return;
    }
    if (!collected.append(frame.content(), maxMessageBytes)) {
      cut(context.requests().usedUp("this message has " + length + " bytes so far"));
    } else if (frame.isFinalFragment()) {
      onMessage(ctx, collected.bytes(), areFragmentsDeflated);
      dropFragments();
    }
  }

  private void onMessage(ChannelHandlerContext ctx, ByteBuf content, boolean isDeflated) {
    Session session = connection.session();
    if (session == null || connection.isClosing()) {
      return;
    }
    if (!isDeflated) {
      byte[] utf8 = new byte[content.readableBytes()];
      content.readBytes(utf8);
      onMessage(ctx, session, utf8);
      return;
    }
    switch (context.inflation().inflate(content, maxMessageBytes)) {
      case Inflated.Message message -> onMessage(ctx, session, message.bytes());
      case Inflated.TooBig big -> fail(CloseCode.MESSAGE_TOO_BIG, tooBig(big.bytes()));
      case Inflated.Corrupt corrupt ->
          fail(CloseCode.INVALID_PAYLOAD, "Invalid compressed data: " + corrupt.reason());
    }
  }

  private void onMessage(ChannelHandlerContext ctx, Session session, byte[] utf8) {
    readRate.take(utf8.length, context.nowNs());
    if (!Utf8.isValid(utf8)) {
      connection.traffic().add(Count.MALFORMED, 1);
      fail(CloseCode.INVALID_PAYLOAD, "Text messages must be UTF-8");
      return;
    }
    ClientMessage message = MessageReader.read(utf8, session.app().limits());
    connection.traffic().add(count(message), 1);
    session.onMessage(message);
    long changesNs = isChange(message) ? onChange(session) : 0;
    long pauseNs = Math.max(changesNs, readRate.pauseNs(context.nowNs()));
    if (pauseNs > 0) {
      pause(ctx, session, pauseNs);
    }
  }

  /// True for what the limit on changes counts.
  public static boolean isChange(ClientMessage message) {
    return message instanceof ClientMessage.Subscribe
        || message instanceof ClientMessage.Unsubscribe
        || message instanceof ClientMessage.SignIn
        || message instanceof ClientMessage.InvalidSignIn;
  }

  /// Counts a change; returns how long to pause because of it, nanoseconds.
  private long onChange(Session session) {
    ChangeRate rate = changeRate;
    if (rate != null) {
      rate.take();
    } else if (++changes < ChangeRate.FREE) {
      return 0;
    } else {
      rate = session.changeRate();
      changeRate = rate;
    }
    return rate.pauseNs();
  }

  private void pause(ChannelHandlerContext ctx, Session session, long pauseNs) {
    FrameDecoder decoder = ctx.pipeline().get(FrameDecoder.class);
    if (decoder == null) {
      return;
    }
    if (readRate.isFirstPause(context.nowNs())) {
      session.onReadingPaused(readRate.reason());
    }
    decoder.pause();
    SocketInput.of(ctx.channel()).setHeld(Hold.RATE, true);
    resumeIn(ctx, pauseNs);
  }

  private void resumeIn(ChannelHandlerContext ctx, long pauseNs) {
    var _ = ctx.executor().schedule(() -> onResume(ctx), pauseNs, TimeUnit.NANOSECONDS);
  }

  /// A pause is over. Reads at least one message, unless the pause is prolonged.
  private void onResume(ChannelHandlerContext ctx) {
    ChangeRate rate = changeRate;
    if (!connection.isClosing()) {
      Parsed<Parsed.Passed> check = rate == null ? Parsed.PASSED : rate.check();
      long changesNs = rate == null ? 0 : rate.pauseNs();
      long pauseNs = Math.max(changesNs, readRate.pauseNs(context.nowNs()));
      if (check instanceof Parsed.Bad(String reason)) {
        connection.close(CloseCode.OVER_CAPACITY, reason);
      } else if (pauseNs > 0) {
        resumeIn(ctx, pauseNs);
        return;
      }
    }
    ctx.pipeline().fireUserEventTriggered(FrameDecoder.RESUME);
    FrameDecoder decoder = ctx.pipeline().get(FrameDecoder.class);
    if (decoder == null || !decoder.isPaused()) {
      SocketInput.of(ctx.channel()).setHeld(Hold.RATE, false);
    }
  }

  /// As what a message is counted.
  public static Count count(ClientMessage message) {
    return switch (message) {
      case ClientMessage.Ping _ -> Count.PING;
      case ClientMessage.Pong _ -> Count.PONG;
      case ClientMessage.Subscribe _ -> Count.SUBSCRIBE;
      case ClientMessage.Unsubscribe _ -> Count.UNSUBSCRIBE;
      case ClientMessage.ClientEvent _ -> Count.CLIENT_EVENT;
      case ClientMessage.SignIn _, ClientMessage.InvalidSignIn _ -> Count.SIGN_IN;
      case ClientMessage.Malformed _ -> Count.MALFORMED;
    };
  }

  private void onCorrupted(ChannelHandlerContext ctx, Throwable cause) {
    FrameDecoder decoder = ctx.pipeline().get(FrameDecoder.class);
    Throwable found = cause instanceof CorruptedWebSocketFrameException ? cause : cause.getCause();
    WebSocketCloseStatus status =
        found instanceof CorruptedWebSocketFrameException corrupted
            ? corrupted.closeStatus()
            : WebSocketCloseStatus.PROTOCOL_ERROR;
    if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      int before = fragments == null ? 0 : fragments.size();
      long length = decoder == null ? maxMessageBytes : decoder.payloadBytes();
      // A frame may announce any length, so that the sum may be too large for a number.
      fail(CloseCode.MESSAGE_TOO_BIG, tooBig(before + Math.min(length, Long.MAX_VALUE - before)));
    } else if (status.equals(WebSocketCloseStatus.INVALID_PAYLOAD_DATA)) {
      fail(CloseCode.INVALID_PAYLOAD, message(found));
    } else {
      fail(CloseCode.PROTOCOL_ERROR, message(found));
    }
    // Frame boundaries are lost: the rest of the input is discarded.
    if (decoder != null) {
      ctx.pipeline().remove(decoder);
    }
  }

  private static String message(@Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    return message == null ? "" : message;
  }

  @Override
  public void cut(String reason) {
    fail(CloseCode.MESSAGE_TOO_BIG, reason);
    ChannelPipeline pipeline = connection.socket().pipeline();
    FrameDecoder decoder = pipeline.get(FrameDecoder.class);
    if (decoder != null) {
      pipeline.remove(decoder); // it holds the incomplete frame
    }
  }

  private void fail(CloseCode code, String reason) {
    dropFragments();
    connection.close(code, reason.isEmpty() ? "Protocol error" : reason);
    // A violation ends TCP without waiting for the client's close frame. Input is still read, since
    // closing a socket with unread input would reset it and could lose our close frame.
    connection.lastWords().endOutput();
  }

  /// @param seen bytes of the message that arrived or were announced; fragments may follow
  private String tooBig(long seen) {
    return tooBig(seen, maxMessageBytes);
  }

  /// Why a message closes its connection.
  ///
  /// @param limit bytes, `max_message_bytes`
  public static String tooBig(long seen, int limit) {
    return "The message has at least "
        + seen
        + " bytes, the limit is "
        + limit
        + " (max_message_bytes)";
  }

  private void dropFragments() {
    if (fragments != null) {
      fragments.clear();
      fragments = null;
    }
  }
}
