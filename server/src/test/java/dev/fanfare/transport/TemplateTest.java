package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.http.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TemplateTest {

  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final AsciiString NOON = AsciiString.of("Sun, 06 Nov 1994 12:00:00 GMT");
  private static final AsciiString LATER = AsciiString.of("Sun, 06 Nov 1994 12:00:01 GMT");

  private final Template template = new Template();
  private final EmbeddedChannel socket = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

  @Test
  void theSecondOfTwoEqualResponsesHasTheBytesOfTheEncoder() {
    assertThat(written(Response.json(BODY), NOON)).isNull();
    for (AsciiString date : new AsciiString[] {NOON, NOON, LATER}) {
      assertThat(written(Response.json(BODY), date)).isEqualTo(encoded(date));
    }
  }

  @Test
  void anotherResponseIsEncoded() {
    assertThat(written(Response.json(BODY), NOON)).isNull();
    assertThat(written(Response.json(BODY.clone()), NOON)).as("another body").isNull();
    Response extended = Response.json(BODY).withHeader("X-A", "b");
    assertThat(written(Response.json(BODY), NOON)).isNull();
    assertThat(written(extended, NOON)).as("another header").isNull();
    assertThat(written(Response.json(BODY), NOON)).as("the one before").isNull();
    assertThat(written(Response.json(BODY), NOON)).isEqualTo(encoded(NOON));
  }

  @Test
  void refusalsAreEncoded() {
    Response refusal = Response.refusal(401, "no");
    assertThat(written(refusal, NOON)).isNull();
    assertThat(written(refusal, NOON)).isNull();
  }

  private @Nullable String written(Response response, AsciiString date) {
    ChannelHandlerContext ctx = socket.pipeline().firstContext();
    ByteBuf bytes = template.bytes(ctx, response, date, () -> full(date));
    if (bytes == null) {
      return null;
    }
    String text = bytes.toString(StandardCharsets.US_ASCII);
    bytes.release();
    return text;
  }

  private static String encoded(AsciiString date) {
    EmbeddedChannel encoder = new EmbeddedChannel(new HttpResponseEncoder());
    encoder.writeOutbound(full(date));
    StringBuilder text = new StringBuilder();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      text.append(part.toString(StandardCharsets.US_ASCII));
      part.release();
    }
    return text.toString();
  }

  private static FullHttpResponse full(AsciiString date) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(BODY));
    response.headers().set("Access-Control-Allow-Origin", "*");
    response.headers().set("date", date);
    response.headers().set("content-length", BODY.length);
    response.headers().add("connection", "keep-alive");
    return response;
  }
}
