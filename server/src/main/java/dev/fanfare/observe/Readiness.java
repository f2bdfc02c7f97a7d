package dev.fanfare.observe;

import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;

/// Whether this node accepts new connections, and if not, why. There are three degrees: connections
/// are refused, load balancers are asked to choose another node, or operators get a note and
/// nothing else changes. Existing connections are not affected. Logs when a cause of the first two
/// appears and when the last one is gone. Any thread.
public final class Readiness {

  /// What may be wrong with a node.
  public enum Cause {
    /// No app is enabled.
    APPS,
    /// The certificate has expired.
    CERTIFICATE,
    /// The other nodes of the cluster cannot be reached, or have not answered yet.
    CLUSTER,
    /// Open files are running short.
    FILES,
    /// What channels keep cannot be stored.
    HISTORY,
    /// A lane is late.
    LAG,
    /// The heap is almost full.
    MEMORY,
    /// The node is shutting down.
    SHUTDOWN,
    /// A thread that the server needs hangs.
    THREADS,
    /// The node exercises its code before clients are sent to it.
    WARM_UP
  }

  private static final Logger log = Component.SERVER.logger();

  /// Reasons to refuse connections, by cause, so that one can go while another stays.
  private final Map<Cause, String> refusals = new ConcurrentSkipListMap<>();

  /// Reasons for load balancers to choose another node.
  private final Map<Cause, String> discouragements = new ConcurrentSkipListMap<>();

  /// Sentences for operators that do not speak against new connections.
  private final Map<Cause, List<String>> notes = new ConcurrentSkipListMap<>();

  private final Vitals vitals = new Vitals();

  private volatile Parsed<Parsed.Passed> check = Parsed.PASSED;

  /// The threads without which this node is not ready.
  public Vitals vitals() {
    return vitals;
  }

  /// Refuses new connections because of `cause`, until [#allow].
  ///
  /// @param sentence for clients and operators: what is wrong, without a full stop
  public void refuse(Cause cause, String sentence) {
    boolean isNew = !isAgainst(cause);
    refusals.put(cause, sentence);
    check = first();
    log(isNew, cause, sentence);
  }

  /// Asks load balancers to choose another node, until [#allow]. Clients that connect nonetheless
  /// are accepted.
  ///
  /// @param sentence for operators, without a full stop
  public void discourage(Cause cause, String sentence) {
    boolean isNew = !isAgainst(cause);
    discouragements.put(cause, sentence);
    log(isNew, cause, sentence);
  }

  /// Replaces the notes of `cause`: what is wrong although this node is ready. Not logged: callers
  /// log their own transitions, and the sentences contain times.
  ///
  /// @param sentences for operators, without a full stop; empty to end them
  public void note(Cause cause, List<String> sentences) {
    if (sentences.isEmpty()) {
      notes.remove(cause);
    } else {
      notes.put(cause, List.copyOf(sentences));
    }
  }

  /// All notes, by cause.
  public List<String> notes() {
    return notes.values().stream().flatMap(List::stream).toList();
  }

  /// Ends what `cause` was the reason for. Its notes stay.
  public void allow(Cause cause) {
    boolean wasDiscouraged = discouragements.remove(cause) != null;
    boolean wasRefused = refusals.remove(cause) != null;
    check = first();
    if ((wasDiscouraged || wasRefused) && isLogged(cause) && reasons().isEmpty()) {
      log.info("ready again");
    }
  }

  private Parsed<Parsed.Passed> first() {
    var all = refusals.values().iterator();
    return all.hasNext() ? new Parsed.Bad<>(all.next()) : Parsed.PASSED;
  }

  /// Shutdown and warm-up have their own log lines.
  private static boolean isLogged(Cause cause) {
    return cause != Cause.SHUTDOWN && cause != Cause.WARM_UP;
  }

  private static void log(boolean isNew, Cause cause, String sentence) {
    if (isNew && isLogged(cause)) {
      log.warn("not ready: {}", sentence);
    }
  }

  /// Fails if new connections are refused, with the first reason. One volatile read.
  public Parsed<Parsed.Passed> check() {
    return check;
  }

  /// True if connections are refused or discouraged because of `cause`.
  public boolean isAgainst(Cause cause) {
    return refusals.containsKey(cause)
        || discouragements.containsKey(cause)
        || (cause == Cause.THREADS && !vitals.problems().isEmpty());
  }

  /// Everything that speaks against new connections here; empty if the node is ready.
  public List<String> reasons() {
    Map<Cause, String> all = new TreeMap<>();
    // Not copied as a whole: TreeMap expects of a sorted map that it does not change meanwhile.
    discouragements.forEach(all::put);
    refusals.forEach(all::put);
    // Asked for here, since the thread that checks the others may be the one that hangs.
    List<String> reasons = new ArrayList<>(all.values());
    reasons.addAll(vitals.problems());
    return reasons;
  }
}
