package dev.fanfare.transport.fallback;

import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.MessageWriter;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.transport.websocket.MessageLine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The lines for one client alone. Each is released by the one who gets it.
final class OwnLines {

  private OwnLines() {}

  private static ByteBuf buffer(int size) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(size, size);
  }

  /// The first line.
  ///
  /// @param host where the client sends its later requests; empty for the same host
  static MessageLine open(String host) {
    return ascii(host.isEmpty() ? "o{}\n" : "o{\"hostname\":\"" + host + "\"}\n");
  }

  /// To which a streaming client answers with `[]`.
  static MessageLine heartbeat() {
    return ascii("h\n");
  }

  /// One message.
  static MessageLine message(byte[] utf8) {
    return MessageLine.of(List.of(utf8), OwnLines::buffer);
  }

  /// The last lines: the error, if the code is one of the protocol, and the close.
  static List<MessageLine> goodbye(CloseCode code, String reason) {
    List<MessageLine> last = new ArrayList<>(2);
    if (code.isPusher()) {
      last.add(message(MessageWriter.write(new ServerMessage.PusherError(code.code(), reason))));
    }
    last.add(MessageLine.close(code.code(), reason, OwnLines::buffer));
    return last;
  }

  private static MessageLine ascii(String text) {
    return new MessageLine(
        Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII)), text.length());
  }
}
