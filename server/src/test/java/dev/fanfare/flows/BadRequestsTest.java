package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are not HTTP, not a handshake, or too large, each with its literal answer.
final class BadRequestsTest {

  private static final String CRLF = "\r\n";
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

  private static TestNode node;
  private static Api api;
  private static ErrorLog errors;

  @BeforeAll
  static void start() {
    errors = ErrorLog.open();
    node = TestNode.start();
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
    errors.close();
    assertThat(errors.lines()).isEmpty();
  }

  /// `~` stands for a line end.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # request                                                         | status
          GARBAGE ~ ~                                                       | 400
          GET x HTTP/1.1 y ~ ~                                              | 400
          GET ~ Host: x ~ ~                                                 | 400
          GET /apps HTTP/9.9 x ~ ~                                          | 400
          POST /a HTTP/1.1 ~ Host: x ~ Content-Length: -1 ~ ~                         | 400
          POST /a HTTP/1.1 ~ Host: x ~ Content-Length: x ~ ~                          | 400
          POST /a HTTP/1.1 ~ Host: x ~ Content-Length: 99999999999999999999 ~ ~       | 400
          POST /a HTTP/1.1 ~ Host: x ~ Content-Length: 2 ~ Content-Length: 3 ~ ~ {}x  | 400
          POST /a HTTP/1.1 ~ Host: x ~ Transfer-Encoding: chunked ~ ~ zz ~ {} ~       | 400
          POST /a HTTP/1.1 ~ Host: x ~ Transfer-Encoding: chunked ~ ~ -1 ~ {} ~       | 400
          POST /a HTTP/1.1 ~ Host: x ~ Content-Length: 20971520 ~ ~ {                 | 413
          POST /a HTTP/1.1 ~ Host: x ~ Expect: miracles ~ Content-Length: 2 ~ ~ {}    | 417
          """)
  void invalidRequestsAreRefusedAndTheSocketCloses(String request, int status) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(request.replaceAll(" ?~ ?", CRLF));
      assertThat(socket.readHead()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({"16384, 0, 414", "0, 16384, 431"})
  void longLinesAndHeadersAreRefused(int path, int header, int status) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(
          "GET /"
              + "a".repeat(path)
              + " HTTP/1.1"
              + CRLF
              + "Host: x"
              + CRLF
              + "A: "
              + "b".repeat(header)
              + CRLF
              + CRLF);
      assertThat(socket.readHead())
          .startsWith("HTTP/1.1 " + status + " ")
          .containsIgnoringCase("connection: close");
      assertThat(socket.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # method | headers                                                       | status | text
          GET  | Connection: Upgrade ~ Sec-WebSocket-Version: 13                   | 400 | The Sec-WebSocket-Key header must hold 16 bytes in base64; a proxy on the way may have changed the request
          GET  | Connection: Upgrade ~ Sec-WebSocket-Version: 13 ~ Sec-WebSocket-Key: short | 400 | The Sec-WebSocket-Key header must hold 16 bytes in base64; a proxy on the way may have changed the request
          GET  | Connection: Upgrade ~ Sec-WebSocket-Version: 13 ~ Sec-WebSocket-Key: ***   | 400 | The Sec-WebSocket-Key header must hold 16 bytes in base64; a proxy on the way may have changed the request
          GET  | Connection: keep-alive ~ Sec-WebSocket-Version: 13 ~ KEY          | 400 | The Connection header must contain Upgrade; a proxy on the way may have changed the request
          GET  | Connection: Upgrade ~ Sec-WebSocket-Version: 13 ~ KEY ~ KEY       | 400 | The request has 2 Sec-WebSocket-Key headers; a proxy on the way may have changed the request
          GET  | Connection: Upgrade ~ Sec-WebSocket-Version: 8 ~ KEY              | 426 | Only WebSocket version 13 is supported
          GET  | Connection: Upgrade ~ KEY ~ Sec-WebSocket-Version: 13 ~ Sec-WebSocket-Version: 8 | 426 | Only WebSocket version 13 is supported
          GET  | Connection: Upgrade ~ KEY                                         | 426 | Only WebSocket version 13 is supported
          """)
  void anInvalidHandshakeIsRefusedWithAReason(
      String method, String headers, int status, String text) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(
          method
              + " /app/278d425bdf160c739803?protocol=7 HTTP/1.1"
              + CRLF
              + "Host: x"
              + CRLF
              + "Upgrade: websocket"
              + CRLF
              + headers.replace("KEY", KEY).replaceAll(" ?~ ?", CRLF)
              + CRLF
              + CRLF);
      assertThat(socket.readHead()).startsWith("HTTP/1.1 " + status + " ");
      assertThat(socket.readBody(text.length() + 1)).isEqualTo(text + "\n");
    }
  }

  /// A client that reads the answer only after it has sent everything must still get it.
  @ParameterizedTest
  @CsvSource({
    "2097152, Content-Length: 2097152",
    "20971520, Content-Length: 20971520",
    "20971520, Transfer-Encoding: chunked"
  })
  void aClientThatSendsAllOfATooLargeBodyGetsTheAnswer(int bytes, String framing)
      throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(
          "POST /apps/1234/events HTTP/1.1" + CRLF + "Host: x" + CRLF + framing + CRLF + CRLF);
      if (framing.contains("chunked")) {
        socket.send(Integer.toHexString(bytes) + CRLF);
      }
      byte[] part = new byte[65_536];
      for (int sent = 0; sent < bytes; sent += part.length) {
        socket.send(part);
      }
      assertThat(socket.readHead()).startsWith("HTTP/1.1 413 ");
      assertThat(socket.isEnded()).isTrue();
    }
  }

  @Test
  void aTooLargeBodyIsRefusedBeforeItIsSentIfTheSenderAsks() throws IOException {
    String text =
        "The request body of 20971520 bytes exceeds the allowed maximum (1048576 bytes,"
            + " max_request_bytes)";
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(
          "POST /apps/1234/events HTTP/1.1"
              + CRLF
              + "Host: x"
              + CRLF
              + "Content-Length: 20971520"
              + CRLF);
      socket.send("Expect: 100-continue" + CRLF + CRLF);
      assertThat(socket.readHead()).startsWith("HTTP/1.1 413 ");
      assertThat(socket.readBody(text.length() + 1)).isEqualTo(text + "\n");
      assertThat(socket.isEnded()).isTrue();
    }
  }

  @Test
  void nothingIsAnsweredAfterTheLastResponse() throws IOException {
    String get = "GET /nowhere HTTP/1.1" + CRLF + "Host: x" + CRLF;
    try (RawSocket socket = new RawSocket(node.port())) {
      String last = get + "Connection: close" + CRLF + CRLF;
      socket.send(get + CRLF + last + (get + CRLF).repeat(200));
      String answers = new String(socket.rest(), StandardCharsets.UTF_8);
      assertThat(answers.split("Unknown path /nowhere", -1)).hasSize(3);
    }
  }

  @Test
  void tenThousandChannelsAreTooMany() throws IOException {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      names.append(i == 0 ? "\"" : ",\"").append('c').append(i).append('"');
    }
    HttpResponse<String> response =
        api.post("/events", "{\"name\":\"e\",\"data\":\"d\",\"channels\":[" + names + "]}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(PlainApp.reason(response))
        .isEqualTo("The event has 10000 channels, the limit is 100 (max_channels_per_event)");
  }

  @Test
  void aBatchBombIsTooLarge() throws IOException {
    String events = String.join(",", Collections.nCopies(300_000, "{}"));
    HttpResponse<String> response = api.post("/batch_events", "{\"batch\":[" + events + "]}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo("Batch too large (300000 > 10), the setting is max_batch_events\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null                                            | Expected a JSON object
          []                                              | Expected a JSON object
          {}                                              | Missing required parameter: name
          {"name":null,"data":null,"channels":null}       | Missing required parameter: name
          {"name":"e","channels":["a"]}                   | Missing required parameter: data
          {"name":"e","data":"d"}                         | Missing required parameter: channel
          {"name":"e","data":"d","channels":[]}           | Missing required parameter: channel
          {"name":"e","data":"d","channels":["#x"]}       | Invalid channel name '#x': allowed are letters, digits and _ - = @ , . ;
          {"name":"e","data":"d","channels":["a",null]}   | Expected parameter channels to be an array of strings
          {"name":"pusher:e","data":"d","channel":"a"}    | Invalid event name 'pusher:e': this prefix is reserved
          {"name":"e","data":"d","channel":"a","socket_id":"x"} | Invalid socket_id: it must look like 123.456
          {"name":"e","data":"d","channel":"a","info":"magic"}  | info should be a comma separated list of attributes: 'magic' is not one of user_count, subscription_count
          """)
  void anInvalidSignedBodyIsRefusedWithAReason(String body, String text) throws IOException {
    HttpResponse<String> response = api.post("/events", body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(PlainApp.reason(response)).isEqualTo(text);
  }

  @Test
  void aDeepBodyIsRefused() throws IOException {
    String deep = "[".repeat(20_000) + "]".repeat(20_000);
    for (String body : new String[] {deep, "{\"data\":" + deep + "}", "{\"batch\":" + deep + "}"}) {
      assertThat(api.post("/events", body).statusCode()).isEqualTo(400);
      assertThat(api.post("/batch_events", body).statusCode()).isEqualTo(400);
    }
  }

  /// Half a line, half a header, half a body, half a chunk: then the client is gone.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /apps/1234/eve",
        "POST /apps/1234/events HTTP/1.1\r\nContent-Le",
        "POST /apps/1234/events HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"na",
        "POST /apps/1234/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"n",
      })
  void aTruncatedRequestIsNotLoggedAsAFailure(String half) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(half);
      socket.endOutput();
      assertThat(socket.isEnded()).isTrue();
    }
    assertThat(errors.lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/apps/1234/channels", "/apps/9/channels", "/users/7/terminate_connections"})
  void aQueryHasAtMostSoManyParameters(String path) throws IOException {
    String method = path.startsWith("/users") ? "POST " : "GET ";
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(method + path + "?" + "a&".repeat(8_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(http.next().line())
          .isEqualTo("400 The query has 8000 parameters, the limit is 64");
    }
  }

  @Test
  void aHandshakeHasAtMostSoManyParametersToo() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(
          "GET /app/278d425bdf160c739803?protocol=7"
              + "&a".repeat(64)
              + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + KEY
              + "\r\nSec-WebSocket-Version: 13\r\n\r\n");
      assertThat(http.next().line()).isEqualTo("400 The query has 65 parameters, the limit is 64");
    }
  }
}
