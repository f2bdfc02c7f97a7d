package dev.fanfare.channel.lane;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A subscriber that records its writes.
public final class FakeSubscriber implements Subscriber {

  /// Frames as a list of their messages; counts references.
  public static final class TextFrames implements Frames {
    public static int open;
    public static int made;
    public final List<String> texts;

    public TextFrames(List<Outbound> messages) {
      open++;
      made++;
      texts = messages.stream().map(m -> new String(m.utf8(), StandardCharsets.UTF_8)).toList();
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
  public boolean mayReplay(Runnable whenSent) {
    if (isSlow) {
      whenRead.add(whenSent);
    }
    return !isSlow;
  }

  /// The peer has read everything.
  public void read() {
    isSlow = false;
    List<Runnable> waiting = List.copyOf(whenRead);
    whenRead.clear();
    waiting.forEach(Runnable::run);
  }

  @Override
  public boolean onDeliver(Frames frames) {
    writes++;
    if (writes != lostWrite) {
      received.addAll(((TextFrames) frames).texts);
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
