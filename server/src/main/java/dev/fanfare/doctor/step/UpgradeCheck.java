package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.TimedInput;
import dev.fanfare.protocol.WebSocketHandshake;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Requests a WebSocket, and finds out from the response which header did not arrive.
public final class UpgradeCheck implements Check {

  @Override
  public Step step() {
    return Step.UPGRADE;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    byte[] nonce = new byte[16];
    visit.random().nextBytes(nonce);
    WebSocketHandshake handshake = WebSocketHandshake.of(nonce);
    Socket socket = visit.dialer().open(deadline);
    boolean keeps = false;
    try {
      TimedInput timed = new TimedInput(socket, deadline);
      InputStream in = PusherSocket.buffered(timed);
      socket.getOutputStream().write(request(visit, handshake).getBytes(StandardCharsets.UTF_8));
      HttpAnswer answer = HttpAnswer.readHead(in);
      visit.note(answer);
      if (answer.status() != 101) {
        return UpgradeRefusal.explain(visit, answer.readBody(in));
      }
      if (!handshake.accept().equals(answer.header("Sec-WebSocket-Accept"))) {
        return wrongAccept();
      }
      keeps = true;
      visit.setSocket(new PusherSocket(socket, timed, in, visit.random()));
      return new Outcome.Passed("101, the connection is a WebSocket");
    } catch (EOFException e) {
      return new Outcome.Failed(
          "the connection was closed instead of upgraded",
          "A proxy or firewall blocks WebSockets.",
          true);
    } finally {
      if (!keeps) {
        socket.close();
      }
    }
  }

  private static String request(Visit visit, WebSocketHandshake handshake) {
    String target =
        visit.site().prefix()
            + "/app/"
            + visit.credentials().anyKey()
            + visit.tag()
            + "?protocol=7&client=fanfare-doctor&version=1.0";
    String host = visit.dialer().name();
    String agent = "User-Agent: fanfare-doctor";
    String origin = visit.options().origin();
    return origin == null
        ? handshake.request(target, host, agent)
        : handshake.request(target, host, agent, "Origin: " + origin);
  }

  private static Outcome wrongAccept() {
    return new Outcome.Failed(
        "101, but with a wrong Sec-WebSocket-Accept: browsers will close the connection",
        "A proxy responds from a cache or changes Sec-WebSocket-Key; make it forward upgrades"
            + " unchanged.",
        true);
  }
}
