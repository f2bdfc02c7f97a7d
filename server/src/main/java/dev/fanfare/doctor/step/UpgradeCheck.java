package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.TimedInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Requests a WebSocket, and finds out from the response which header did not arrive.
public final class UpgradeCheck implements Check {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  @Override
  public Step step() {
    return Step.UPGRADE;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    byte[] nonce = new byte[16];
    visit.random().nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    Socket socket = visit.dialer().open(deadline);
    boolean keeps = false;
    try {
      TimedInput timed = new TimedInput(socket, deadline);
      InputStream in = PusherSocket.buffered(timed);
      socket.getOutputStream().write(request(visit, key).getBytes(StandardCharsets.UTF_8));
      HttpAnswer answer = HttpAnswer.readHead(in);
      visit.note(answer);
      if (answer.status() != 101) {
        return UpgradeRefusal.explain(visit, answer.readBody(in));
      }
      if (!acceptFor(key).equals(answer.header("Sec-WebSocket-Accept"))) {
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

  private static String request(Visit visit, String key) {
    String path = visit.site().prefix() + "/app/" + visit.credentials().anyKey();
    String origin = visit.options().origin();
    return "GET "
        + path
        + "?protocol=7&client=fanfare-doctor&version=1.0 HTTP/1.1\r\nHost: "
        + visit.dialer().name()
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
        + key
        + "\r\nSec-WebSocket-Version: 13\r\nUser-Agent: fanfare-doctor\r\n"
        + (origin == null ? "" : "Origin: " + origin + "\r\n")
        + "\r\n";
  }

  private static Outcome wrongAccept() {
    return new Outcome.Failed(
        "101, but with a wrong Sec-WebSocket-Accept: browsers will close the connection",
        "A proxy responds from a cache or changes Sec-WebSocket-Key; make it forward upgrades"
            + " unchanged.",
        true);
  }

  private static String acceptFor(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] hash = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
