package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage.Adopted;
import dev.fanfare.bus.BusMessage.Returned;
import dev.fanfare.bus.NodesView;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// After a start with a file, asks the other nodes which of the pending events they have adopted
/// meanwhile. Those are removed from the outbox, and only then are the others delivered. Without
/// answers, that begins after ten seconds.
final class Returning {

  private static final long MAX_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /// What is asked together, by id in the outbox and by key.
  private record Question(String appId, List<Long> ids, List<Long> keys) {}

  private record Address(long life, long number) implements Comparable<Address> {

    private static final Comparator<Address> ORDER =
        Comparator.comparingLong(Address::life).thenComparingLong(Address::number);

    @Override
    public int compareTo(Address other) {
      return ORDER.compare(this, other);
    }
  }

  private final Outbox outbox;
  private final Consumer<Returned> bus;
  private final Consumer<List<Entry>> resume;
  private final long startNs;

  // Confined to the thread of step().
  private long sentNs;

  // Guarded by this.
  private final Map<Long, Question> questions = new LinkedHashMap<>();
  private final Set<Address> answered = new HashSet<>();
  private final Set<Long> adopted = new HashSet<>();

  /// Before anything is accepted.
  ///
  /// @param resume delivers pending events before others that wait; may block
  Returning(Outbox outbox, Consumer<Returned> bus, Consumer<List<Entry>> resume, long startNs) {
    this.outbox = outbox;
    this.bus = bus;
    this.resume = resume;
    this.startNs = startNs;
    this.sentNs = startNs - REPEAT_NS;
    outbox.forEachPending(this::collect);
  }

  private synchronized void collect(List<Entry> entries) {
    Map<String, List<Entry>> byApp = new LinkedHashMap<>();
    entries.forEach(
        entry -> byApp.computeIfAbsent(entry.draft().appId(), _ -> new ArrayList<>()).add(entry));
    byApp.forEach((app, some) -> {
      List<Long> ids = some.stream().map(Entry::id).toList();
      List<Long> keys =
          some.stream()
              .map(entry -> EventKey.of(entry.id(), app, HandOver.draft(entry.draft())))
              .toList();
      questions.put(questions.size() + 1L, new Question(app, ids, keys));
    });
  }

  /// Another node has answered. Never blocks.
  synchronized void receive(Adopted answer) {
    Question question = questions.get(answer.number());
    if (question != null && answered.add(new Address(answer.node(), answer.number()))) {
      answer.adopted().stream()
          .filter(index -> index < question.ids().size())
          .map(question.ids()::get)
          .forEach(adopted::add);
    }
  }

  /// Asks, or delivers once all nodes have answered. To be called regularly. May block.
  void step(NodesView view, long nowNs) {
    boolean isOver = nowNs - startNs >= MAX_NS;
    if (isDone() || (!view.isSettled() && !isOver)) {
      return;
    }
    List<Returned> unanswered = isOver ? List.of() : unanswered(view);
    if (unanswered.isEmpty()) {
      finish();
    } else if (nowNs - sentNs >= REPEAT_NS) {
      sentNs = nowNs;
      unanswered.forEach(bus);
    }
  }

  /// True if there is nothing to ask.
  synchronized boolean isDone() {
    return questions.isEmpty();
  }

  private synchronized List<Returned> unanswered(NodesView view) {
    List<Returned> left = new ArrayList<>();
    for (long life : view.known()) {
      questions.forEach((number, question) -> {
        if (life != view.self() && !answered.contains(new Address(life, number))) {
          left.add(new Returned(question.appId(), life, number, question.keys()));
        }
      });
    }
    return left;
  }

  private void finish() {
    List<Question> all;
    Set<Long> gone;
    synchronized (this) {
      all = List.copyOf(questions.values());
      gone = Set.copyOf(adopted);
      questions.clear();
      answered.clear();
      adopted.clear();
    }
    for (Question question : all) {
      List<Entry> adoptedOnes = new ArrayList<>();
      List<Entry> own = new ArrayList<>();
      for (long id : question.ids()) {
        Entry entry = outbox.find(id);
        if (entry != null) {
          (gone.contains(id) ? adoptedOnes : own).add(entry);
        }
      }
      outbox.handedOver(adoptedOnes);
      resume.accept(own);
    }
  }
}
