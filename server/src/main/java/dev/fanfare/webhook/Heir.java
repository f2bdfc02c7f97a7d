package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.bus.BusMessage.TakenOver;
import dev.fanfare.bus.BusMessage.Undelivered;
import dev.fanfare.bus.BusMessage.WebhookDraft;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Accepts what nodes that shut down have not delivered: see [HandOver]. Each part is accepted
/// once, and answered as often as it arrives.
final class Heir {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Parts that wait, each of another node: additional ones are dropped, and arrive again.
  private static final int MAX_WAITING = 64;

  /// Characters of the parts that wait.
  private static final long MAX_WAITING_CHARS = 4 << 20;

  /// Nodes whose last part is remembered.
  private static final int MAX_NODES = 256;

  private final Apps apps;
  private final Function<List<Draft>, List<Integer>> inherit;
  private final Consumer<TakenOver> bus;
  private final Executor executor;

  // Guarded by the queue.
  private final Queue<Undelivered> waiting = new ArrayDeque<>();
  private long waitingChars;
  private boolean isRunning;

  // Guarded by this, also while the outbox writes.
  private final Map<Long, TakenOver> answers =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TakenOver> eldest) {
          return size() > MAX_NODES;
        }
      };
  private boolean isClosed;

  /// @param inherit accepts events, and returns the indexes of those that it has accepted; may
  ///   block
  /// @param bus sends answers
  /// @param executor of what may block
  Heir(
      Apps apps,
      Function<List<Draft>, List<Integer>> inherit,
      Consumer<TakenOver> bus,
      Executor executor) {
    this.apps = apps;
    this.inherit = inherit;
    this.bus = bus;
    this.executor = executor;
  }

  /// A part has arrived. Never blocks.
  void receive(Undelivered part) {
    synchronized (waiting) {
      boolean hasRoom =
          waiting.isEmpty()
              || (waiting.size() < MAX_WAITING && waitingChars + part.chars() <= MAX_WAITING_CHARS);
      if (!hasRoom) {
        return;
      }
      waiting.add(part);
      waitingChars += part.chars();
      if (isRunning) {
        return;
      }
      isRunning = true;
    }
    executor.execute(this::takeAll);
  }

  private void takeAll() {
    Undelivered part;
    while ((part = poll()) != null) {
      try {
        take(part);
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        log.error("failed to take over webhook events of another node", e);
      }
    }
  }

  private @Nullable Undelivered poll() {
    synchronized (waiting) {
      Undelivered part = waiting.poll();
      waitingChars -= part == null ? 0 : part.chars();
      isRunning = part != null;
      return part;
    }
  }

  private synchronized void take(Undelivered part) {
    TakenOver last = answers.get(part.node());
    if (isClosed || (last != null && part.number() < last.number())) {
      return;
    }
    if (last == null || part.number() > last.number()) {
      App app = apps.known(part.appId());
      List<Integer> taken = app == null ? List.of() : inherit.apply(drafts(app, part));
      last = new TakenOver(part.appId(), part.node(), part.number(), taken);
      answers.put(part.node(), last);
    }
    bus.accept(last);
  }

  private static List<Draft> drafts(App app, Undelivered part) {
    Map<Long, String> endpoints = EndpointHash.endpoints(app);
    return part.events().stream().map(event -> draft(app, endpoints, event)).toList();
  }

  /// An event of another node. An endpoint that is not configured here has no id.
  ///
  /// @param endpoints of the app, by their hash
  static Draft draft(App app, Map<Long, String> endpoints, WebhookDraft event) {
    String endpoint = endpoints.getOrDefault(event.endpoint(), "");
    return new Draft(app.id(), endpoint, event.channel(), event.createdMs(), event.event());
  }

  /// Accepts nothing after this: other nodes keep what they have.
  synchronized void close() {
    isClosed = true;
  }
}
