package dev.fanfare.observe;

import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The threads that the server cannot do without. Any thread.
public final class Vitals {

  private final List<Vital> all = new CopyOnWriteArrayList<>();

  /// Watches a thread from now on.
  public void add(Vital vital) {
    all.add(vital);
  }

  /// One sentence for each thread that hangs, without a full stop.
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (Vital vital : all) {
      if (vital.check() instanceof Parsed.Bad(String problem)) {
        problems.add(problem);
      }
    }
    return problems;
  }
}
