package dev.fanfare.channel.lane;

import dev.fanfare.observe.NanoClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A subscriber that records its writes.
public final class FakeSubscriber implements Subscriber {

  /// Frames as a list of their messages; counts references.
  public static final class TextFrames implements Frames {
    public static int open;
    public static int made;
    public final List<String> texts;
    private final List<Outbound> messages;

    public TextFrames(List<Outbound> messages) {
      open++;
      made++;
      this.messages = List.copyOf(messages);
      texts = texts(messages);
    }

    private static List<String> texts(List<Outbound> messages) {
      return messages.stream().map(m -> new String(m.utf8(), StandardCharsets.UTF_8)).toList();
    }

    @Override
    public void release() {
      open--;
    }
  }

  private final String socketId;
  private final Lane lane;
  private boolean isDirty;

  public final List<String> received = new ArrayList<>();
  public final List<Throwable> failures = new ArrayList<>();
  private final List<Runnable> whenRead = new ArrayList<>();

  /// True while the peer does not read, so that replays wait.
  public boolean isSlow;

  /// While it is set, so much waits for the peer that events of this subscription cannot be
  /// written.
  public @Nullable Subscription full;

  /// Its app lets it miss events.
  public boolean mayMiss;

  public NanoClock clock = NanoClock.SYSTEM;

  /// Events that were not delivered, and that no rule keeps.
  public int skipped;

  public int gaps;

  /// This write gets lost without an error; 0 for none.
  public int lostWrite;

  public int writes;
  public int flushes;

  public FakeSubscriber(String socketId, Lane lane) {
    this.socketId = socketId;
    this.lane = lane;
  }

  @Override
  public String socketId() {
    return socketId;
  }

  @Override
  public String address() {
    return "127.0.0.1:1";
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public boolean isUnflushed() {
    return isDirty;
  }

  @Override
  public boolean mayReplay(Runnable whenSent) {
    boolean mayReplay = !isSlow && full == null;
    if (!mayReplay) {
      whenRead.add(whenSent);
    }
    return mayReplay;
  }

  @Override
  public @Nullable Losses losses() {
    return mayMiss ? new Noted() : null;
  }

  private final class Noted implements Losses {
    @Override
    public void onSkipped(int events) {
      skipped += events;
    }

    @Override
    public void onGap() {
      gaps++;
    }
  }

  /// The peer has read everything.
  public void read() {
    isSlow = false;
    full = null;
    List<Runnable> waiting = List.copyOf(whenRead);
    whenRead.clear();
    waiting.forEach(Runnable::run);
  }

  @Override
  public boolean onDeliver(Frames frames) {
    TextFrames written = (TextFrames) frames;
    Subscription behind = full;
    List<String> texts = written.texts;
    if (behind != null) {
      boolean isKept = written.messages.stream().anyMatch(Outbound::isStored);
      if (isKept && lane.onBehind(behind, clock)) {
        return false;
      }
      List<Outbound> facts = written.messages.stream().filter(m -> !m.isEvent()).toList();
      texts = TextFrames.texts(facts);
      skipped += written.messages.size() - facts.size();
    }
    writes++;
    if (writes != lostWrite) {
      received.addAll(texts);
    }
    boolean isFirst = !isDirty;
    isDirty = true;
    return isFirst;
  }

  @Override
  public void onDeliveryFailed(Throwable cause) {
    failures.add(cause);
  }

  @Override
  public void onFellBehind(String reason) {
    failures.add(new IllegalStateException(reason));
  }

  @Override
  public void onFlush() {
    flushes++;
    isDirty = false;
  }
}
