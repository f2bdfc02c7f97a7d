package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherListener;
import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.Unit;
import dev.fanfare.loadtest.wire.ClientFrames;
import dev.fanfare.loadtest.wire.EventTemplate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Clients that do random things. A seed makes their choices repeatable; network timing is not.
/// Confined to the loop's thread.
final class ChurnClients implements PusherListener {

  private static final double NS_PER_SECOND = 1e9;
  private static final byte[] PING = ClientFrames.pusherPing();

  /// What a connected client can do, with its share of all steps in percent.
  private enum Step {
    SUBSCRIBE(30),
    UNSUBSCRIBE(15),
    CLIENT_EVENT(20),
    PING(10),
    CLOSE(15),
    CUT(10);

    private final int percent;

    Step(int percent) {
      this.percent = percent;
    }
  }

  private static final Step[] STEPS = Step.values();

  private final Rig rig;
  private final Load load;
  private final Random random;
  private final @Nullable PusherSocket[] sockets;

  /// The private channel a client is subscribed to, -1 for none.
  private final int[] privateChannel;

  private final EventTemplate[] events;
  private final Map<Step, Long> done = new EnumMap<>(Step.class);

  private double dueNs = System.nanoTime();
  private int connected;
  private long connects;
  private long refusals;
  private long failures;
  private String firstFailure = "";
  private boolean dispersing;

  ChurnClients(Rig rig, Load load) {
    this.rig = rig;
    this.load = load;
    random = new Random(load.seed());
    sockets = new PusherSocket[load.connections()];
    privateChannel = new int[load.connections()];
    events = new EventTemplate[load.channels()];
    for (int channel = 0; channel < events.length; channel++) {
      events[channel] = EventTemplate.clientEvent(channel, name("private-", channel), load.size());
    }
  }

  int onTurn(long nowNs) {
    int work = 0;
    while (dueNs <= nowNs) {
      dueNs += NS_PER_SECOND / load.rate();
      step(random.nextInt(sockets.length));
      work++;
    }
    return work;
  }

  private void step(int slot) {
    PusherSocket socket = sockets[slot];
    if (socket == null) {
      connects++;
      connected++;
      privateChannel[slot] = -1;
      sockets[slot] = rig.open(slot, null, this);
    } else if (socket.state() == PusherSocket.State.READY) {
      Step chosen = choose();
      done.merge(chosen, 1L, Long::sum);
      act(socket, slot, chosen);
    }
  }

  private Step choose() {
    int left = random.nextInt(100);
    for (Step step : STEPS) {
      left -= step.percent;
      if (left < 0) {
        return step;
      }
    }
    throw new IllegalStateException("the shares do not add up to 100");
  }

  private void act(PusherSocket socket, int slot, Step step) {
    int channel = random.nextInt(load.channels());
    switch (step) {
      case SUBSCRIBE -> subscribe(socket, slot, channel);
      case UNSUBSCRIBE -> {
        int left = privateChannel[slot];
        if (left >= 0) {
          socket.unsubscribe(name("private-", left));
          privateChannel[slot] = -1;
        }
      }
      case CLIENT_EVENT -> {
        int to = privateChannel[slot];
        if (to >= 0) {
          socket.send(ClientFrames.text(events[to].stamped(0, 0, 0)));
        }
      }
      case PING -> socket.send(PING);
      case CLOSE -> socket.close();
      case CUT -> socket.cut();
    }
  }

  private void subscribe(PusherSocket socket, int slot, int channel) {
    int kind = random.nextInt(3);
    if (kind == 0) {
      socket.subscribe(Subscription.to(name("", channel)));
    } else if (kind == 1) {
      socket.subscribe(Subscription.as(name("presence-", channel), "user-" + slot));
    } else if (privateChannel[slot] < 0) {
      privateChannel[slot] = channel;
      socket.subscribe(Subscription.to(name("private-", channel)));
    }
  }

  private static String name(String prefix, int channel) {
    return prefix + "churn-%05d".formatted(channel);
  }

  /// Disconnects all clients.
  void disperse() {
    dispersing = true;
    for (PusherSocket socket : sockets) {
      if (socket != null) {
        socket.cut();
      }
    }
  }

  int connected() {
    return connected;
  }

  /// Steps done, including connecting.
  long steps() {
    long sum = connects;
    for (long each : done.values()) {
      sum += each;
    }
    return sum;
  }

  @Override
  public void onError(PusherSocket socket, String reason) {
    // Random clients subscribe twice or send too fast: the server is right to refuse.
    refusals++;
  }

  @Override
  public void onClosed(PusherSocket socket, String reason) {
    connected--;
    sockets[socket.number()] = null;
    if (!dispersing && socket.state() == PusherSocket.State.CLOSED && socket.socketId().isEmpty()) {
      failures++;
      firstFailure = firstFailure.isEmpty() ? reason : firstFailure;
    }
  }

  void report(Findings findings) {
    findings.figure("connects", "connections made", (double) connects, Unit.COUNT);
    for (Step step : STEPS) {
      String name = step.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
      findings.figure(
          "steps_" + step.name().toLowerCase(java.util.Locale.ROOT),
          "  " + name,
          (double) done.getOrDefault(step, 0L),
          Unit.COUNT);
    }
    findings.figure("objections", "refusals by the server", (double) refusals, Unit.COUNT);
    findings.mustBeZero("failed", "connections that failed", failures);
    if (failures > 0) {
      findings.failure("First failure: " + firstFailure + ".");
    }
  }
}
