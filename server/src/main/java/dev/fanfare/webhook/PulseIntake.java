package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Pulse;
import dev.fanfare.bus.BusMessage.PulsesAccepted;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.webhook.outbox.Fact;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Accepts the pulses of other nodes, each part once, and answers when all of it is in the outbox:
/// see [Pulses]. Any thread; never blocks.
final class PulseIntake {

  /// Parts that are remembered: the last one of each node and app.
  static final int MAX_PLACES = 10_000;

  private record Place(long life, String appId) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::life).thenComparing(Place::appId);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private final Apps apps;
  private final Predicate<Fact> intake;
  private final Consumer<PulsesAccepted> bus;
  private final NanoClock clock;

  /// Guarded by this.
  private final Map<Place, Part> parts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Part> eldest) {
          return size() > MAX_PLACES;
        }
      };

  /// @param intake accepts one event, or returns false if there is no room for it
  /// @param bus sends answers
  PulseIntake(Apps apps, Predicate<Fact> intake, Consumer<PulsesAccepted> bus, NanoClock clock) {
    this.apps = apps;
    this.intake = intake;
    this.bus = bus;
    this.clock = clock;
  }

  /// A part of another node has arrived.
  synchronized void receive(BusMessage.Pulses message) {
    App app = apps.known(message.appId());
    Place place = new Place(message.node(), message.appId());
    Part last = parts.get(place);
    if (app == null || (last != null && message.number() < last.number)) {
      return;
    }
    if (last == null || message.number() > last.number) {
      last = new Part(place, message.number(), message.events().size());
      parts.remove(place);
      parts.put(place, last);
    }
    last.proceed(app, message);
  }

  /// How far a part has come.
  private final class Part implements Fact.Sender {

    private final Place place;
    private final long number;
    private final int events;

    // Guarded by the PulseIntake.
    private int offered;
    private int accepted;

    Part(Place place, long number, int events) {
      this.place = place;
      this.number = number;
      this.events = events;
    }

    /// What there is no room for follows when the part arrives again.
    void proceed(App app, BusMessage.Pulses message) {
      while (offered < events && offer(app, message.events().get(offered))) {
        offered++;
      }
      answer();
    }

    private boolean offer(App app, Pulse pulse) {
      return intake.test(new Fact(app, pulse.event(), pulse.createdMs(), clock.nanoTime(), this));
    }

    private void answer() {
      if (accepted == events) {
        bus.accept(new PulsesAccepted(place.appId(), place.life(), number));
      }
    }

    @Override
    public void accepted() {
      synchronized (PulseIntake.this) {
        accepted++;
        answer();
      }
    }

    /// The part begins once more when it arrives again.
    @Override
    public void lost() {
      synchronized (PulseIntake.this) {
        var _ = parts.remove(place, this);
      }
    }
  }
}
