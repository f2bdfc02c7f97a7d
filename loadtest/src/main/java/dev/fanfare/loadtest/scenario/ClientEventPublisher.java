package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.EventTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Publishes client events over one WebSocket that is subscribed to every channel, as the protocol
/// requires. There are no acknowledgements; received messages are ignored. Confined to the loop's
/// thread.
final class ClientEventPublisher implements Publisher {

  private static final long PATIENCE_NS = 20_000_000_000L;

  private final int number;
  private final PusherSocket socket;
  private final List<EventTemplate> templates;

  private ClientEventPublisher(int number, PusherSocket socket, List<EventTemplate> templates) {
    this.number = number;
    this.socket = socket;
    this.templates = templates;
  }

  /// Opens all publishers of a load and subscribes each to every channel.
  static List<ClientEventPublisher> openAll(Rig rig, Load load, PusherListener listener) {
    List<EventTemplate> templates =
        IntStream.range(0, load.channels())
            .mapToObj(c -> EventTemplate.clientEvent(c, load.channelName(c), load.size()))
            .toList();
    Confirmations confirmations = new Confirmations(listener);
    List<PusherSocket> sockets =
        rig.openAll(load.publishers(), _ -> Subscription.to(load.channelName(0)), confirmations);
    List<ClientEventPublisher> publishers = new ArrayList<>();
    for (int number = 0; number < sockets.size(); number++) {
      for (int channel = 1; channel < load.channels(); channel++) {
        sockets.get(number).subscribe(Subscription.to(load.channelName(channel)));
      }
      publishers.add(new ClientEventPublisher(number, sockets.get(number), templates));
    }
    confirmations.await(rig, load.publishers() * load.channels());
    return publishers;
  }

  @Override
  public boolean canSend() {
    return socket.state() == PusherSocket.State.READY;
  }

  @Override
  public byte[] prepare(int channel, int sequence, int event) {
    return ClientFrames.text(templates.get(channel).stamped(number, sequence, event));
  }

  @Override
  public void send(byte[] prepared, long intendedNs) {
    socket.send(prepared);
  }

  @Override
  public void flush() {}

  @Override
  public int unanswered() {
    return 0;
  }

  @Override
  public void close() {
    socket.close();
  }

  /// Counts confirmed subscriptions and forwards errors.
  private static final class Confirmations implements PusherListener {
    private final PusherListener troubled;
    private int confirmed;

    Confirmations(PusherListener troubled) {
      this.troubled = troubled;
    }

    void await(Rig rig, int count) {
      boolean all =
          rig.loop().run(() -> confirmed >= count, System.nanoTime() + PATIENCE_NS, _ -> 0);
      if (!all) {
        throw new Refusal(
            "Only %d of %d subscriptions of the publishers were confirmed."
                .formatted(confirmed, count));
      }
    }

    @Override
    public void onSubscribed(PusherSocket socket, String channel) {
      confirmed++;
    }

    @Override
    public void onError(PusherSocket socket, String reason) {
      troubled.onError(socket, reason);
    }

    @Override
    public void onClosed(PusherSocket socket, String reason) {
      troubled.onClosed(socket, reason);
    }
  }
}
