package dev.fanfare.transport;

import dev.fanfare.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bytes of the last response of a lane, for the next one that is the same: almost all
/// publishes get one answer, of which only the date changes. Confined to its lane.
public final class Template {

  private static final int OK = 200;

  /// Longer bodies are not kept, which nothing repeats.
  private static final int MAX_BODY_BYTES = 1_024;

  private @Nullable Response last;
  private AsciiString date = AsciiString.EMPTY_STRING;

  /// What `last` is as bytes at `date`; null if it was written once.
  private byte @Nullable [] bytes;

  /// The bytes of a response, null if it is not the last one again. Bodies are the same if they are
  /// one object, which only constant ones are.
  ///
  /// @param now the value of its header `Date`
  /// @param encoded the response with all of its headers; asked for once in a second
  public @Nullable ByteBuf bytes(
      ChannelHandlerContext ctx,
      Response response,
      AsciiString now,
      Supplier<FullHttpResponse> encoded) {
    if (!isSame(response)) {
      last = isKept(response) ? response : null;
      bytes = null;
      return null;
    }
    byte[] known = bytes;
    if (known == null || !now.equals(date)) {
      known = encode(encoded.get());
      bytes = known;
      date = now;
    }
    return ctx.alloc().directBuffer(known.length).writeBytes(known);
  }

  private boolean isSame(Response response) {
    Response before = last;
    return before != null
        && before.body() == response.body()
        && before.headers().equals(response.headers())
        && before.contentType().equals(response.contentType())
        && isKept(response);
  }

  /// Only a plain success, whose headers the encoder does not adjust.
  private static boolean isKept(Response response) {
    return response.status() == OK && response.body().length <= MAX_BODY_BYTES;
  }

  private static byte[] encode(FullHttpResponse response) {
    StringBuilder head = new StringBuilder();
    head.append(response.protocolVersion()).append(' ').append(response.status()).append("\r\n");
    for (Map.Entry<String, String> header : response.headers()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    byte[] ascii = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    ByteBuf body = response.content();
    byte[] all = Arrays.copyOf(ascii, ascii.length + body.readableBytes());
    body.getBytes(body.readerIndex(), all, ascii.length, body.readableBytes());
    return all;
  }
}
