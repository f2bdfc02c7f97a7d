package dev.fanfare.console.row;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.observe.Observation;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The last [#MAX] requests to each endpoint of webhooks. If the console's memory is used up, fewer
/// of them. Written by the threads that send webhooks, read by any.
public final class AttemptLog {

  /// Requests to one endpoint.
  public static final int MAX = 200;

  /// Heap of one request besides its texts, bytes.
  private static final int OVERHEAD_BYTES = 300;

  /// One endpoint of one app, by its id.
  private record Key(String app, String endpoint) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::app).thenComparing(Key::endpoint);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /// One request.
  ///
  /// @param atMs when it was answered, milliseconds since 1970
  /// @param channel of its first event
  /// @param names of its events, each once
  /// @param events how many it had
  public record Attempt(
      long atMs, String channel, List<String> names, int events, Observation.WebhookAnswer answer) {

    public Attempt {
      names = List.copyOf(names);
    }

    private long bytes() {
      return OVERHEAD_BYTES + 2L * (channel.length() + answer.failure().length());
    }
  }

  /// What is known about one endpoint.
  ///
  /// @param delivered events that it has accepted since the start of the server
  /// @param nextTryMs when a failed request is sent again, milliseconds since 1970; 0 for never
  /// @param attempts oldest first
  public record Summary(long delivered, long nextTryMs, List<Attempt> attempts) {

    private static final Summary NOTHING = new Summary(0, 0, List.of());

    public Summary {
      attempts = List.copyOf(attempts);
    }

    /// The newest request; null if there is none.
    public @Nullable Attempt last() {
      return attempts.isEmpty() ? null : attempts.getLast();
    }
  }

  private static final class OfEndpoint {
    private final ArrayDeque<Attempt> attempts = new ArrayDeque<>();
    private long delivered;
    private long nextTryMs;
  }

  private final Share share;
  private final InstantSource wall;

  /// Guarded by this.
  private final Map<Key, OfEndpoint> byKey = new HashMap<>();

  /// @param share of the heap that the requests are counted in
  public AttemptLog(Share share, InstantSource wall) {
    this.share = share;
    this.wall = wall;
  }

  /// A request was sent.
  public void add(Observation.WebhookAttempted sent) {
    Observation.WebhookAnswer answer = sent.answer();
    int events = sent.events().size();
    boolean isAccepted = answer.failure().isEmpty();
    Observation.WebhookAnswer kept =
        new Observation.WebhookAnswer(answer.status(), answer.ms(), Row.cut(answer.failure()));
    String channel = Row.cut(sent.channel());
    Attempt attempt = new Attempt(wall.millis(), channel, names(sent.events()), events, kept);
    synchronized (this) {
      OfEndpoint endpoint = of(sent.appId(), sent.endpoint());
      if (isAccepted) {
        endpoint.delivered += events;
        endpoint.nextTryMs = 0;
      }
      while (endpoint.attempts.size() >= MAX || !share.reserve(attempt.bytes())) {
        Attempt oldest = endpoint.attempts.pollFirst();
        if (oldest == null) {
          return; // others have all of the memory
        }
        share.release(oldest.bytes());
      }
      endpoint.attempts.addLast(attempt);
    }
  }

  /// A failed request will be sent again.
  public synchronized void add(Observation.WebhookRetried retried) {
    of(retried.appId(), retried.endpoint()).nextTryMs = wall.millis() + retried.delayMs();
  }

  private OfEndpoint of(String app, String endpoint) {
    return byKey.computeIfAbsent(new Key(app, endpoint), _ -> new OfEndpoint());
  }

  /// The names of events in the body of a request, each once.
  private static List<String> names(List<String> events) {
    Set<String> names = new LinkedHashSet<>();
    events.forEach(event -> names.add(name(event)));
    return List.copyOf(names);
  }

  /// The name of an event; empty if it has none.
  ///
  /// @param event one element of the body of a request, JSON
  public static String name(String event) {
    String[] name = {""};
    try {
      Json.readObject(
          event,
          (field, value) -> {
            if (field.equals("name")) {
              name[0] = value.string();
            }
          });
    } catch (MalformedJson e) {
      return ""; // the outbox of another version
    }
    return name[0];
  }

  /// What is known about an endpoint, by its id.
  public synchronized Summary of(App app, String endpoint) {
    OfEndpoint known = byKey.get(new Key(app.id(), endpoint));
    return known == null
        ? Summary.NOTHING
        : new Summary(known.delivered, known.nextTryMs, new ArrayList<>(known.attempts));
  }

  /// Forgets all endpoints but those of these apps.
  public synchronized void retain(Collection<App> apps) {
    Set<Key> configured = new HashSet<>();
    for (App app : apps) {
      for (WebhookEndpoint endpoint : app.webhooks()) {
        configured.add(new Key(app.id(), endpoint.id()));
      }
    }
    byKey
        .entrySet()
        .removeIf(each -> {
          boolean isGone = !configured.contains(each.getKey());
          if (isGone) {
            each.getValue().attempts.forEach(attempt -> share.release(attempt.bytes()));
          }
          return isGone;
        });
  }
}
