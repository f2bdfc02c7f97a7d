package dev.fanfare.cost;

import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;

/// Handshakes, each over a new connection, which is accepted and closed.
final class UpgradeAttempts {

  private static final int HEADER = 15_500;

  private final TestNode node;

  UpgradeAttempts(TestNode node) {
    this.node = node;
  }

  List<Attempt> all() {
    String target = "/app/" + node.app().key() + "?protocol=7";
    return List.of(
        of("accepted", target),
        of("unknown key", "/app/unknown?protocol=7"),
        of("path of 15,500 escapes", "/app/" + "%41".repeat(HEADER / 3) + "?protocol=7"),
        of("15,500 bytes of query", target + "&a=" + "%41".repeat(HEADER / 3)),
        of("3,000 short headers", target, "a:b\r\n".repeat(3_000) + "c: d"),
        of("`Origin` of 15,500 bytes", target, "Origin: https://" + "a.".repeat(HEADER / 2)),
        of(
            "15,500 bytes of offers of compression",
            target,
            "Sec-WebSocket-Extensions: " + "permessage-deflate;x,".repeat(HEADER / 21)),
        of(
            "15,500 bytes of offers with parameters",
            target,
            "Sec-WebSocket-Extensions: permessage-deflate" + ";a=1".repeat(HEADER / 4)),
        of(
            "15,500 bytes of subprotocols",
            target,
            "Sec-WebSocket-Protocol: " + "a,".repeat(HEADER / 2)));
  }

  private Attempt of(String name, String target, String... headers) {
    return new Attempt(name, () -> send(target, headers));
  }

  private void send(String target, String... headers) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.sendHandshake(target, headers);
      String head = socket.readHead();
      if (head.startsWith("HTTP/1.1 101 ")) {
        socket.nextText();
      }
      socket.endOutput();
      var _ = socket.rest();
    }
  }
}
