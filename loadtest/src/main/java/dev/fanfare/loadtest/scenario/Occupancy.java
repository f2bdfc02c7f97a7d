package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.HttpListener;
import dev.fanfare.loadtest.client.HttpSocket;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;

/// Asks the server which channels of this run are occupied. Confined to the loop's thread.
final class Occupancy implements HttpListener {

  private static final long INTERVAL_NS = 20_000_000L;
  private static final int UNKNOWN = -1;

  private final Rig rig;
  private final HttpSocket socket;
  private long askedNs;
  private int occupied = UNKNOWN;
  private boolean asking;

  Occupancy(Rig rig) {
    this.rig = rig;
    socket = new HttpSocket(0, rig.connector(), 1, this);
  }

  /// Polls until this many channels are occupied; false if that does not happen.
  boolean await(int channels, long patienceNs) {
    asking = true;
    occupied = UNKNOWN;
    socket.open();
    boolean reached =
        rig.loop().run(() -> occupied == channels, System.nanoTime() + patienceNs, this::onTurn);
    asking = false;
    socket.close();
    return reached;
  }

  private int onTurn(long nowNs) {
    if (!socket.canSend() || nowNs - askedNs < INTERVAL_NS) {
      return 0;
    }
    askedNs = nowNs;
    socket.send(rig.signer().get("/channels", System.currentTimeMillis()), nowNs);
    socket.flush();
    return 1;
  }

  @Override
  public void onReady(HttpSocket ready) {}

  @Override
  public void onAnswer(HttpSocket answered, int status, long intendedNs, String body) {
    occupied = count(body);
  }

  @Override
  public void onClosed(HttpSocket closed, int unanswered, String reason) {
    if (asking && unanswered == 0) {
      // Some servers close after each response; the next request needs a new connection.
      closed.open();
    }
  }

  /// Channels of this run in the server's list, or -1 if it is not a list.
  static int count(String body) {
    int[] count = {UNKNOWN};
    try {
      Json.readObject(
          body,
          (name, value) -> {
            if (name.equals("channels") && value.isObject()) {
              count[0] = 0;
              value.object((channel, _) -> count[0] += channel.contains("load-") ? 1 : 0);
            }
          });
    } catch (MalformedJson e) {
      return UNKNOWN;
    }
    return count[0];
  }
}
