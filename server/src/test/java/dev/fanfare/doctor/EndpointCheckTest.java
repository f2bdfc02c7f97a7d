package dev.fanfare.doctor;

import static dev.fanfare.doctor.Examination.failedAt;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The application's auth endpoint, good and bad, by a small server that plays it.
final class EndpointCheckTest {

  private record Reply(int status, Map<String, String> headers, String body) {

    static Reply ok(String body) {
      return new Reply(200, Map.of("Content-Type", "application/json"), body);
    }
  }

  private final TestNode node = TestNode.start();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private volatile Function<Query, Reply> answer = _ -> Reply.ok("{}");
  private final HttpServer application;

  EndpointCheckTest() throws IOException {
    application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    application.createContext("/auth", this::serve);
    application.start();
  }

  @AfterEach
  void stop() {
    application.stop(0);
    node.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(exchange.getRequestHeaders().getFirst("Cookie") + " " + body);
    Reply reply = answer.apply(Query.parse(body));
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// The response of a server SDK.
  private static Reply signed(Query query, String key, Secret secret) {
    String socket = Objects.requireNonNull(query.get("socket_id"));
    String channel = Objects.requireNonNull(query.get("channel_name"));
    String toSign = Signature.subscription(socket, channel, null);
    return Reply.ok("{\"auth\":\"" + key + ":" + secret.signature().sign(toSign) + "\"}");
  }

  private Report examine() throws IOException {
    URI url = URI.create("http://127.0.0.1:" + application.getAddress().getPort() + "/auth?a=1");
    App app = TestNode.APP;
    return Examination.of(
        Examination.options("ws://127.0.0.1:" + node.port(), app)
            .withEndpoint(
                new DoctorOptions.Endpoint(url, List.of("Cookie: session=1"), "private-orders.1")));
  }

  @Test
  void aGoodEndpointOpensTheChannel() throws Exception {
    answer = query -> signed(query, TestNode.APP.key(), TestNode.APP.secret());
    Report report = examine();
    assertThat(report.outcome(Step.ENDPOINT))
        .isEqualTo(new Outcome.Passed("the endpoint's signature is accepted for private-orders.1"));
    assertThat(requests.take())
        .matches("session=1 socket_id=\\d+\\.\\d+&channel_name=private-orders.1");
  }

  @Test
  void anotherSecretIsReported() throws IOException {
    answer = query -> signed(query, TestNode.APP.key(), new Secret("another"));
    failedAt(examine(), Step.ENDPOINT, "the endpoint signs with a different secret");
  }

  @Test
  void anotherKeyIsReported() throws IOException {
    answer = query -> signed(query, "old-key", TestNode.APP.secret());
    failedAt(
        examine(), Step.ENDPOINT, "the endpoint signs for the key \"old-key\", the client uses");
  }

  @ParameterizedTest
  @CsvSource({
    "419, the CSRF token is missing",
    "403, this user may not join this channel",
    "401, this user may not join this channel",
    "404, no such route for POST",
    "405, no such route for POST",
    "500, 500 from the endpoint: \"Server Error\""
  })
  void aRefusalIsExplained(int status, String finding) throws IOException {
    answer = _ -> new Reply(status, Map.of("Content-Type", "text/html"), "<h1>Server Error</h1>");
    failedAt(examine(), Step.ENDPOINT, finding);
  }

  @Test
  void aLoginPageIsReported() throws IOException {
    answer = _ -> new Reply(302, Map.of("Location", "/login"), "");
    Outcome.Failed failed = failedAt(examine(), Step.ENDPOINT, "redirects to \"/login\"");
    assertThat(failed.remedy()).contains("--header 'Cookie: …'");
    answer = _ -> new Reply(200, Map.of("Content-Type", "text/html"), "<p>Sign in</p>");
    failedAt(examine(), Step.ENDPOINT, "response has no \"auth\": a web page");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"data\":{\"auth\":\"a:b\"}}', response has no \"auth\"",
    "true, response has no \"auth\": \"true\"",
    "'{\"auth\":\"nonsense\"}', has no colon"
  })
  void aWrongShapeIsReported(String body, String finding) throws IOException {
    answer = _ -> Reply.ok(body);
    failedAt(examine(), Step.ENDPOINT, finding);
  }

  @Test
  void anUnreachableEndpointIsReported() throws IOException {
    application.stop(0);
    failedAt(examine(), Step.ENDPOINT, "the endpoint cannot be reached: Connection refused");
  }
}
