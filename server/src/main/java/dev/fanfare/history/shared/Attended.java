package dev.fanfare.history.shared;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A channel with users on this node, or with joins and leaves that the engine does not have yet.
/// Guarded by the lock of [AttendanceNotes].
final class Attended {

  /// What is written at once.
  ///
  /// @param truth the users after the steps; null for what follows from them
  record Batch(Attended channel, List<Attendance.Step> steps, @Nullable SortedSet<String> truth) {}

  /// What is outside.
  interface Outside {

    /// Writes what has come together, and completes with true if there is a node that may be lost.
    CompletionStage<Boolean> write(Batch batch);

    /// Passes on who is connected to this node, while no joins and leaves of the channel can be
    /// noted; null if it keeps none any more. Takes the entry of the channel. Calls once.
    void ask(AttendanceLog.Place place, Consumer<@Nullable Collection<String>> to);
  }

  AttendanceLog.Place place;

  /// On this node.
  int users;

  /// It is being written, so that its next notes wait.
  boolean isWriting;

  /// Its last call has failed a moment ago.
  boolean isResting;

  /// What the engine has of this node may be wrong, so that it must get to know who is there.
  boolean isInDoubt = true;

  /// There may be a lost node.
  boolean mustLook;

  /// There was a node that may be lost.
  boolean isAwaiting;

  /// When it was found.
  long awaitingMs;

  /// When it was written last.
  long atMs;

  private List<Attendance.Step> steps = new ArrayList<>(0);

  Attended(AttendanceLog.Place place, long nowMs) {
    this.place = place;
    this.atMs = nowMs;
  }

  /// True if there is anything to write.
  boolean hasNotes() {
    return isInDoubt || mustLook || !steps.isEmpty();
  }

  int steps() {
    return steps.size();
  }

  /// Who is there is written anyway after a failure.
  ///
  /// @return how many notes more there are
  int add(Attendance.Step step) {
    return !isResting && steps.add(step) ? 1 : 0;
  }

  /// Drops its notes; who is there is asked instead.
  ///
  /// @return how many these were
  int drop() {
    int dropped = steps.size();
    steps = new ArrayList<>(0);
    isInDoubt = true;
    return dropped;
  }

  /// Takes the notes, after which exactly these users are there.
  Batch take(Collection<String> users) {
    isInDoubt = false;
    return new Batch(this, take(steps.size()), new TreeSet<>(users));
  }

  /// Takes the next notes.
  Batch take() {
    return new Batch(this, take(Math.min(AttendanceNotes.MAX_STEPS, steps.size())), null);
  }

  private List<Attendance.Step> take(int count) {
    List<Attendance.Step> taken = List.copyOf(steps.subList(0, count));
    steps = new ArrayList<>(steps.subList(count, steps.size()));
    mustLook = false;
    return taken;
  }
}
