package dev.fanfare.loadtest.attack;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the attackers of one siege did, and how the server answered, by kind of answer.
/// Thread-safe.
public final class Tally {

  /// Distinct answers that are counted separately; a server that invents more is counted as
  /// `other`.
  private static final int MAX_KINDS = 64;

  private final LongAdder connections = new LongAdder();
  private final LongAdder sends = new LongAdder();
  private volatile boolean acted;
  private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

  /// True once an attacker has begun.
  boolean hasActed() {
    return acted;
  }

  public void connected() {
    connections.increment();
  }

  /// Messages were sent.
  ///
  /// @param count 0 for an attacker that sends nothing on purpose
  public void sent(int count) {
    sends.add(count);
    acted = true;
  }

  /// Counts an answer, such as `HTTP 401`, `close 4100` or `reset`.
  public void answered(String kind) {
    boolean known = answers.containsKey(kind) || answers.size() < MAX_KINDS;
    answers.computeIfAbsent(known ? kind : "other", _ -> new LongAdder()).increment();
  }

  public Totals totals() {
    Map<String, Long> sums = new TreeMap<>();
    answers.forEach((kind, count) -> sums.put(kind, count.sum()));
    return new Totals(connections.sum(), sends.sum(), sums);
  }

  /// The sums of a siege.
  ///
  /// @param connections TCP connections that were accepted
  /// @param sends requests, messages or pieces of them that were sent
  /// @param answers number of answers by kind
  public record Totals(long connections, long sends, Map<String, Long> answers) {

    public Totals {
      answers = Map.copyOf(answers);
    }

    /// One line of tab-separated fields.
    public String line() {
      StringBuilder line = new StringBuilder().append(connections).append('\t').append(sends);
      new TreeMap<>(answers)
          .forEach((kind, count) -> line.append('\t').append(kind).append('\t').append(count));
      return line.toString();
    }

    /// Reads what [#line] has written.
    public static Totals parse(String line) {
      String[] fields = line.split("\t", -1);
      Map<String, Long> answers = new TreeMap<>();
      for (int i = 2; i + 1 < fields.length; i += 2) {
        answers.put(fields[i], Long.parseLong(fields[i + 1]));
      }
      return new Totals(Long.parseLong(fields[0]), Long.parseLong(fields[1]), answers);
    }

    /// Such as `HTTP 401 × 1,200, close 4100 × 3`, most frequent first.
    public String text() {
      return String.join(
          ", ",
          answers.entrySet().stream()
              .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
              .map(each -> "%s × %,d".formatted(each.getKey(), each.getValue()))
              .toList());
    }
  }
}
