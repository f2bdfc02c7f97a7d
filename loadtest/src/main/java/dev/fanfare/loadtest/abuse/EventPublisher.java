package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.wire.EventTemplate;
import dev.fanfare.loadtest.wire.SignedRequests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Publishes numbered events at a fixed rate, to all channels in turn: over one persistent
/// connection, or over a new one each time.
final class EventPublisher implements Bystander {

  static final int COUNT = 11;

  private static final int WORKERS = COUNT - 1;
  private static final long INTERVAL_NS = 50_000_000L;

  /// How much of its schedule a publisher catches up. Without a bound, a machine that is too busy
  /// for the rate would add every delay to all later ones.
  private static final long MAX_BEHIND_NS = 1_000_000_000L;

  private static final int SIZE = 128;
  private static final int OK = 200;

  private final Scene scene;
  private final int number;
  private final boolean persistent;
  private final long intervalNs;
  private final long offsetNs;
  private final List<EventTemplate> templates;
  private final SignedRequests signer;

  /// Sequence numbers used, by channel.
  private final int[] sequences;

  private int nextChannel;
  private @Nullable HttpClient client;

  private EventPublisher(
      Scene scene,
      int number,
      boolean persistent,
      long intervalNs,
      long offsetNs,
      List<String> channels) {
    this.scene = scene;
    this.number = number;
    this.persistent = persistent;
    this.intervalNs = intervalNs;
    this.offsetNs = offsetNs;
    templates =
        channels.stream()
            .map(name -> EventTemplate.http(channels.indexOf(name), name, SIZE))
            .toList();
    sequences = new int[channels.size()];
    signer = new SignedRequests(scene.target);
  }

  /// All of them, with numbers from 0: a server that keeps its connection, and the workers of a web
  /// application, which connect for each event and do not wait for each other. Both publish once
  /// every [#INTERVAL_NS].
  static List<EventPublisher> all(Scene scene, List<String> channels) {
    List<EventPublisher> all = new ArrayList<>();
    all.add(new EventPublisher(scene, 0, true, INTERVAL_NS, 0, channels));
    for (int i = 0; i < WORKERS; i++) {
      all.add(
          new EventPublisher(
              scene, i + 1, false, WORKERS * INTERVAL_NS, i * INTERVAL_NS, channels));
    }
    return all;
  }

  @Override
  public String failure() {
    return "a publish failed";
  }

  @Override
  public void live() throws IOException {
    long dueNs = System.nanoTime() + offsetNs;
    try {
      scene.pause(offsetNs);
      while (!scene.isStopped()) {
        publish(dueNs);
        dueNs = Math.max(dueNs + intervalNs, System.nanoTime() - MAX_BEHIND_NS);
        scene.pause(Math.max(0, dueNs - System.nanoTime()));
      }
    } finally {
      disconnect();
    }
  }

  private void publish(long dueNs) throws IOException {
    int channel = nextChannel;
    nextChannel = (channel + 1) % templates.size();
    int event = scene.deliveries.begin(number, channel, dueNs);
    byte[] body = templates.get(channel).stamped(number, sequences[channel]++, event);
    boolean accepted = false;
    try {
      HttpClient.Response response = send(signer.publish(body, System.currentTimeMillis()));
      scene.record(scene.publish, dueNs, System.nanoTime());
      accepted = response.status() == OK;
      if (!accepted) {
        scene.troubles.add(
            "a publish was refused", "HTTP " + response.status() + " " + response.body());
      }
      if (!persistent || response.closes()) {
        disconnect();
      }
    } finally {
      scene.deliveries.answered(event, accepted);
    }
  }

  /// Sends it, again over a new connection if a persistent one turns out to be closed.
  private HttpClient.Response send(byte[] request) throws IOException {
    HttpClient used = client;
    if (used != null) {
      try {
        return used.send(request);
      } catch (IOException e) {
        disconnect();
        if (!used.isUnanswered()) {
          throw e;
        }
      }
    }
    HttpClient made = HttpClient.connect(scene.target);
    client = made;
    return made.send(request);
  }

  private void disconnect() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
