package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.HttpListener;
import dev.fanfare.loadtest.client.HttpSocket;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.wire.EventTemplate;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.util.List;
import java.util.stream.IntStream;

/// Publishes over one persistent HTTP connection, each request with a separate signature. Confined
/// to the loop's thread.
final class HttpPublisher implements Publisher {

  private final int number;
  private final HttpSocket socket;
  private final SignedRequests signer;
  private final List<EventTemplate> templates;

  private HttpPublisher(
      int number, Rig rig, Load load, List<EventTemplate> templates, HttpListener listener) {
    this.number = number;
    int node = number % rig.nodes();
    this.signer = rig.signer(node);
    this.templates = templates;
    socket = new HttpSocket(number, rig.connector(node), load.window(), listener);
  }

  /// Creates and connects all publishers of a load, spread over the nodes; `acknowledgements` is
  /// notified of each response.
  static List<HttpPublisher> openAll(Rig rig, Load load, Acknowledgements acknowledgements) {
    List<EventTemplate> templates =
        IntStream.range(0, load.channels())
            .mapToObj(c -> EventTemplate.http(c, load.channelName(c), load.size()))
            .toList();
    List<HttpPublisher> all =
        IntStream.range(0, load.publishers())
            .mapToObj(number -> new HttpPublisher(number, rig, load, templates, acknowledgements))
            .toList();
    all.forEach(publisher -> publisher.socket.open());
    acknowledgements.awaitConnected(rig.loop(), all.size());
    return all;
  }

  @Override
  public boolean canSend() {
    return socket.canSend();
  }

  @Override
  public byte[] prepare(int channel, int sequence, int event) {
    byte[] body = templates.get(channel).stamped(number, sequence, event);
    return signer.publish(body, System.currentTimeMillis());
  }

  @Override
  public void send(byte[] prepared, long intendedNs) {
    socket.send(prepared, intendedNs);
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public int unanswered() {
    return socket.unanswered();
  }

  @Override
  public void close() {
    socket.close();
  }
}
