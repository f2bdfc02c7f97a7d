package dev.fanfare.transport.websocket;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.transport.HalfClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import org.slf4j.Logger;

/// What a connection sends last, once it has left its channels: a client that has seen the close
/// frame may rely on being gone. If that fails, TCP is closed. Confined to the connection's lane.
final class LastWords {

  private static final Logger log = Component.CONNECTIONS.logger();

  private final NettyConnection connection;
  private final Channel socket;

  LastWords(NettyConnection connection, Channel socket) {
    this.connection = connection;
    this.socket = socket;
  }

  /// The server closes the connection.
  void close(CloseCode code, String reason) {
    try {
      connection.traffic().add(Count.MESSAGES_SENT, code.isPusher() ? 1 : 0);
      connection.write(FrameWriter.goodbye(socket.alloc(), code, reason));
      connection.onFlush();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      giveUp(e);
    }
  }

  /// Answers a close frame, and closes TCP, as a server should (RFC 6455 section 7.1.1).
  ///
  /// @param code negative for none
  void answer(int code, String reason) {
    try {
      ByteBuf answer = FrameWriter.close(socket.alloc(), code, reason);
      connection.traffic().add(Count.BYTES_SENT, answer.readableBytes());
      socket.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      giveUp(e);
    }
  }

  /// An event could not be written: disconnects the client, with a reason if that can be sent.
  void onDeliveryFailed(Throwable cause) {
    if (LineBudget.FAULTS.permits(log)) {
      log.warn("disconnecting {}: could not write an event", connection.socketId(), cause);
    }
    closeAnyway(
        CloseCode.OVER_CAPACITY, "The server could not send an event: " + cause.getMessage());
  }

  /// Closes the connection with a reason if that can be sent, else without. Never throws.
  void closeAnyway(CloseCode code, String reason) {
    try {
      connection.close(code, reason);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      connection.beginClosing();
      giveUp(e);
    }
  }

  /// Sends everything up to the close frame, then ends our direction of TCP (RFC 6455 7.1.1). The
  /// socket closes with the client's direction, or after the close timeout.
  void endOutput() {
    connection
        .lane()
        .departures()
        .whenDone(() ->
            socket
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> HalfClose.endOutput(socket)));
  }

  /// Closes TCP without a close frame.
  void giveUp(Throwable cause) {
    if (LineBudget.FAULTS.permits(log)) {
      log.warn("{} was disconnected without a close frame", connection.socketId(), cause);
    }
    var _ = socket.close();
  }
}
