package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RefusedLog;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Clients that send a byte now and then cannot keep a socket open. The clock is stopped and
/// advances with every byte.
final class SlowRequestsTest {

  private static final String REQUEST = RawHttp.request("POST", "/x", "y".repeat(200));
  private static final String HANDSHAKE =
      "GET /app/k?protocol=7 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nX: "
          + "y".repeat(200)
          + "\r\n\r\n";

  private final ManualClock clock = new ManualClock();
  private final RefusedLog refused = new RefusedLog();

  private TestNode start(int requestSeconds, int handshakeSeconds) {
    return start(requestSeconds, handshakeSeconds, 60);
  }

  private TestNode start(int requestSeconds, int handshakeSeconds, int headSeconds) {
    ServerOptions options =
        TestNode.options(0)
            .withLanes(1) // so that sockets are registered in the order of acceptance
            .withRequestTimeoutSeconds(requestSeconds)
            .withHandshakeTimeoutSeconds(handshakeSeconds)
            .withHeadTimeoutSeconds(headSeconds);
    return TestNode.start(options, clock.withSystemTime(), refused, PlainApp.APP);
  }

  /// Sends a byte per second until an answer arrives.
  private String drip(RawSocket socket, String bytes) {
    CompletableFuture<String> head = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        head.complete(socket.readHead());
      } catch (IOException e) {
        head.completeExceptionally(e);
      }
    });
    Iterator<String> rest = bytes.chars().mapToObj(Character::toString).iterator();
    await("an answer")
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          socket.send(rest.next());
          clock.advance(Duration.ofSeconds(1));
          return head.isDone();
        });
    return head.join();
  }

  private void expectTimeout(RawSocket socket, String bytes, String reason) throws IOException {
    String head = drip(socket, bytes);
    assertThat(head).startsWith("HTTP/1.1 408 Request Timeout\r\n").contains("connection: close");
    assertThat(socket.readBody(reason.length() + 1)).isEqualTo(reason + "\n");
    assertThat(refused.next()).matches("127\\.0\\.0\\.1:\\d+: \\Q" + reason + "\\E");
    socket.send("more");
    assertThat(socket.rest()).isEmpty();
  }

  @Test
  void aFirstRequestThatDripsIsAnsweredWith408() throws IOException {
    String reason =
        "The first request was not complete 20 seconds after the connection was made"
            + " (handshake_timeout_seconds)";
    try (TestNode node = start(30, 20)) {
      try (RawSocket head = new RawSocket(node.port())) {
        expectTimeout(head, HANDSHAKE, reason);
      }
      try (RawSocket body = new RawSocket(node.port())) {
        body.send(REQUEST.substring(0, REQUEST.indexOf("y")));
        expectTimeout(body, "y".repeat(199), reason);
      }
    }
  }

  @Test
  void aLaterRequestHasASeparateTimeout() throws IOException {
    String reason =
        "The request was not complete 30 seconds after its first byte (request_timeout_seconds)";
    try (TestNode node = start(30, 20);
        RawSocket socket = new RawSocket(node.port())) {
      socket.send(RawHttp.request("GET", "/nowhere", ""));
      assertThat(socket.readHead()).startsWith("HTTP/1.1 404 ");
      socket.readBody("Unknown path /nowhere\n".length());
      refused.next();
      clock.advance(Duration.ofSeconds(60)); // no time-out applies between requests
      expectTimeout(socket, REQUEST, reason);
    }
  }

  @Test
  void aHeadThatDripsIsAnsweredEarlier() throws IOException {
    String first =
        "The head of the request was not complete 10 seconds after the connection was made"
            + " (head_timeout_seconds)";
    String later =
        "The head of the request was not complete 10 seconds after its first byte"
            + " (head_timeout_seconds)";
    try (TestNode node = start(30, 20, 10)) {
      try (RawSocket socket = new RawSocket(node.port())) {
        expectTimeout(socket, HANDSHAKE, first);
      }
      try (RawSocket socket = new RawSocket(node.port())) {
        socket.send(RawHttp.request("GET", "/nowhere", ""));
        assertThat(socket.readHead()).startsWith("HTTP/1.1 404 ");
        socket.readBody("Unknown path /nowhere\n".length());
        refused.next();
        clock.advance(Duration.ofSeconds(60)); // no time-out applies between requests
        expectTimeout(socket, HANDSHAKE, later);
      }
    }
  }

  @Test
  void aBodyMayTakeLongerThanItsHead() throws IOException {
    try (TestNode node = start(30, 20, 10);
        RawSocket socket = new RawSocket(node.port());
        RawSocket silent = new RawSocket(node.port())) {
      socket.send(REQUEST.substring(0, REQUEST.length() - 1));
      try (RawSocket probe = new RawSocket(node.port())) {
        probe.send(RawHttp.request("GET", "/nowhere", ""));
        assertThat(probe.readHead()).startsWith("HTTP/1.1 404 "); // so the others were accepted
        refused.next();
      }
      clock.advance(Duration.ofSeconds(10));
      assertThat(silent.rest()).isEmpty();
      socket.send("y");
      assertThat(socket.readHead()).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void requestsInTimeAreAnswered() throws IOException {
    try (TestNode node = start(30, 20);
        RawSocket socket = new RawSocket(node.port())) {
      for (int turn = 0; turn < 3; turn++) {
        socket.send(REQUEST.substring(0, 10));
        clock.advance(Duration.ofSeconds(19));
        socket.send(REQUEST.substring(10));
        assertThat(socket.readHead()).startsWith("HTTP/1.1 404 ");
        socket.readBody("Unknown path /x\n".length());
      }
    }
  }

  @Test
  void aSilentConnectionIsClosedWithoutAnAnswer() throws IOException {
    try (TestNode node = start(30, 20);
        RawSocket socket = new RawSocket(node.port());
        RawSocket probe = new RawSocket(node.port())) {
      probe.send(RawHttp.request("GET", "/nowhere", ""));
      assertThat(probe.readHead()).startsWith("HTTP/1.1 404 "); // so the other was accepted too
      refused.next();
      clock.advance(Duration.ofSeconds(20));
      assertThat(socket.rest()).isEmpty();
      assertThat(refused.isEmpty()).isTrue();
    }
  }

  @Test
  void anUpgradedConnectionHasNoSuchTimeout() throws IOException {
    try (TestNode node = start(1, 1);
        RawSocket socket = node.connect();
        RawSocket slow = new RawSocket(node.port())) {
      assertThat(drip(slow, REQUEST)).startsWith("HTTP/1.1 408 ");
      socket.expectNothing();
    }
  }
}
