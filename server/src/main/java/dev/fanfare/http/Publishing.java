package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.PublishSpans;
import dev.fanfare.channel.Publisher;
import dev.fanfare.channel.Receipt;
import dev.fanfare.history.EventId;
import dev.fanfare.http.once.IdempotencyKeys;
import dev.fanfare.http.once.IdempotencyKeys.Claim;
import dev.fanfare.http.once.KeyUse;
import dev.fanfare.http.once.KeyedBatch;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Publishes the events of a request, unless quotas, overload or the disk forbid it. What was
/// published under an idempotency key is not published again, and its first answer is given again.
/// Runs on lanes; does not block.
final class Publishing {

  /// The disk is tried again every ten seconds.
  private static final String DISK_RETRY_SECONDS = "10";

  private static final String HEADER = "Idempotency-Key";
  private static final String DUPLICATE = "X-Fanfare-Duplicate";

  private final Publisher publisher;
  private final IdempotencyKeys keys;
  private final Quotas quotas;
  private final ServerListener listener;
  private final Shedding shedding;
  private final @Nullable PublishSpans spans;

  /// @param keys under which publishers have published
  /// @param listener is notified of each event that was published
  /// @param shedding may refuse publishes
  /// @param spans follows publishes of traces; null if nothing does
  Publishing(
      Publisher publisher,
      IdempotencyKeys keys,
      Quotas quotas,
      ServerListener listener,
      Shedding shedding,
      @Nullable PublishSpans spans) {
    this.spans = spans;
    this.publisher = publisher;
    this.keys = keys;
    this.quotas = quotas;
    this.listener = listener;
    this.shedding = shedding;
  }

  /// Publishes all events or none. Returns null on success, else the refusal.
  ///
  /// @param receipts collects what is known about each event
  private @Nullable Response tryPublish(
      LiveApp live, List<Publication> publications, Request request, List<Receipt> receipts) {
    PublishSpans.Span span = spans == null ? null : begin(spans, live, request);
    if (span == null) {
      return tryPublish(live, publications, request, request.address(), receipts);
    }
    String refusal = "failed";
    try {
      Response refused = tryPublish(live, publications, request, span, receipts);
      refusal = refused == null ? null : refused.reason();
      return refused;
    } finally {
      span.end(refusal);
    }
  }

  private static PublishSpans.@Nullable Span begin(
      PublishSpans spans, LiveApp live, Request request) {
    String header = request.headers().get(PublishSpans.HEADER);
    return header == null ? null : spans.begin(header, live.current(), request.address());
  }

  /// @param address of the publisher, or the span that gives it
  private @Nullable Response tryPublish(
      LiveApp live,
      List<Publication> publications,
      Request request,
      Supplier<String> address,
      List<Receipt> receipts) {
    if (shedding.check(Level.PUBLISHES) instanceof Parsed.Bad(String overload)) {
      return overloaded(overload);
    }
    App app = live.current();
    if (publisher.checkDisk(app, publications) instanceof Parsed.Bad(String failure)) {
      return unwritable(failure);
    }
    Response refused = quotas.takeEvents(app, publications.size());
    if (refused != null) {
      return refused;
    }
    Parsed<Parsed.Passed> published =
        publisher.publish(
            live,
            publications,
            address,
            (event, subscribers, receipt) -> {
              receipts.add(receipt);
              report(app, event, subscribers, request);
            });
    if (published instanceof Parsed.Bad(String reason)) {
      quotas.giveBackEvents(app, publications.size());
      return overloaded("too many events are waiting for delivery; " + reason);
    }
    return null;
  }

  /// The response, but not before the engine of a cluster and the files have the events that they
  /// must keep.
  ///
  /// @param response by the ids of the events, null for one that is not kept
  private Answer whenKept(
      LiveApp live,
      List<Publication> publications,
      List<Receipt> receipts,
      Function<List<@Nullable EventId>, Response> response) {
    CompletableFuture<?> kept = Receipt.all(receipts);
    return kept == null
        ? whenWritten(live, publications, response.apply(ids(receipts)))
        : new Answer.Awaited(
            kept, () -> whenWritten(live, publications, response.apply(ids(receipts))));
  }

  /// Blocks if an engine has not answered yet.
  private static List<@Nullable EventId> ids(List<Receipt> receipts) {
    List<@Nullable EventId> ids = new ArrayList<>(receipts.size());
    receipts.forEach(receipt -> ids.add(receipt.await()));
    return ids;
  }

  /// The response, but not before the events are in the files of rules that write them: once it is
  /// sent, they survive the process. If the disk fails, it is the same, unless publishers are
  /// refused then.
  private Answer whenWritten(LiveApp live, List<Publication> publications, Response response) {
    CompletableFuture<Boolean> written = publisher.written(live.current(), publications);
    return written == null
        ? response
        : new Answer.Awaited(
            written,
            () ->
                publisher.checkDisk(live.current(), publications)
                        instanceof Parsed.Bad(String failure)
                    ? unwritable(failure)
                    : response);
  }

  /// The key of a request as a whole; null if it has none.
  static @Nullable String header(Request request) {
    return request.headers().get(HEADER);
  }

  /// Publishes all events, under one key if there is one.
  ///
  /// @param use null without a key
  /// @param body of the answer, by the ids of the events
  /// @param success makes the response of a body
  Answer publish(
      LiveApp live,
      @Nullable KeyUse use,
      List<Publication> publications,
      Request request,
      Function<List<@Nullable EventId>, byte[]> body,
      Function<byte[], Response> success) {
    if (use != null) {
      return whole(live, use, publications, request, body, success);
    }
    List<Receipt> receipts = new ArrayList<>(publications.size());
    Response refused = tryPublish(live, publications, request, receipts);
    return refused == null
        ? whenKept(live, publications, receipts, ids -> success.apply(body.apply(ids)))
        : refused;
  }

  private Answer whole(
      LiveApp live,
      KeyUse use,
      List<Publication> publications,
      Request request,
      Function<List<@Nullable EventId>, byte[]> body,
      Function<byte[], Response> success) {
    return once(
        live,
        List.of(use),
        claim -> {
          byte[] known = claim.answer(0);
          if (known != null) {
            Response again = repeated(live, publications.size(), success.apply(known));
            return whenWritten(live, publications, again);
          }
          List<Receipt> receipts = new ArrayList<>(publications.size());
          Response refused = tryPublish(live, publications, request, receipts);
          if (refused != null) {
            return refused;
          }
          byte[] first = body.apply(ids(receipts));
          claim.settle(List.of(first));
          return whenWritten(live, publications, success.apply(first));
        });
  }

  /// The answer for an event of a batch.
  interface EventAnswer {

    /// Returns its JSON.
    ///
    /// @param index in the batch
    byte[] of(int index, @Nullable EventId id);
  }

  /// Publishes the events of a batch that were not published under their keys before.
  ///
  /// @param answer for one event
  /// @param success makes the response of all of them
  Answer batch(
      LiveApp live,
      KeyedBatch batch,
      List<Publication> publications,
      Request request,
      EventAnswer answer,
      Function<byte[], Response> success) {
    if (batch.hasDuplicates()) {
      return Response.refusal(400, "Two events of the batch have the same idempotency_key");
    }
    return once(
        live,
        batch.uses(),
        claim -> {
          List<Integer> fresh = batch.fresh(claim);
          List<Receipt> receipts = new ArrayList<>(fresh.size());
          if (!fresh.isEmpty()) {
            List<Publication> published = fresh.stream().map(publications::get).toList();
            Response refused = tryPublish(live, published, request, receipts);
            if (refused != null) {
              return refused;
            }
          }
          List<byte[]> answers = new ArrayList<>(fresh.size());
          List<@Nullable EventId> ids = ids(receipts);
          for (int i = 0; i < fresh.size(); i++) {
            answers.add(answer.of(fresh.get(i), ids.get(i)));
          }
          Response all = success.apply(batch.settle(claim, answers));
          int known = publications.size() - fresh.size();
          Response response = known == 0 ? all : repeated(live, known, all);
          return whenWritten(live, publications, response);
        });
  }

  private Response repeated(LiveApp live, int events, Response response) {
    listener.on(new Observation.EventsRepeated(live.current(), events));
    return response.withHeader(DUPLICATE, "true");
  }

  /// Publishes once the keys are claimed; elsewhere than on a lane if that must wait for the engine
  /// of a cluster.
  ///
  /// @param publish settles the claim if it publishes
  private Answer once(LiveApp live, List<KeyUse> uses, Function<Claim.Granted, Answer> publish) {
    for (KeyUse use : uses) {
      if (use.check() instanceof Parsed.Bad(String reason)) {
        return Response.refusal(400, reason);
      }
    }
    return keys.mayWait() || publisher.isShared(live.current())
        ? new Answer.Later(() -> answer(claimed(live, uses), publish).now())
        : switch (keys.claim(live.id(), uses)) {
          case Claim.Busy(CompletableFuture<?> done) ->
              new Answer.Later(() -> {
                var _ = done.join();
                return answer(claimed(live, uses), publish).now();
              });
          case Claim claim -> answer(claim, publish);
        };
  }

  /// Waits for requests with one of the keys.
  private Claim claimed(LiveApp live, List<KeyUse> uses) {
    Claim claim = keys.claim(live.id(), uses);
    while (claim instanceof Claim.Busy(CompletableFuture<?> done)) {
      var _ = done.join();
      claim = keys.claim(live.id(), uses);
    }
    return claim;
  }

  private static Answer answer(Claim claim, Function<Claim.Granted, Answer> publish) {
    return switch (claim) {
      case Claim.Conflict(String key) ->
          Response.refusal(409, "The idempotency key " + key + " was used for other events before");
      case Claim.Busy _ -> throw new IllegalStateException("it was waited for");
      case Claim.Granted granted -> {
        try {
          yield publish.apply(granted);
        } finally {
          granted.abandon();
        }
      }
    };
  }

  private void report(App app, Publication publication, int subscribers, Request request) {
    listener.apiEvent(
        app,
        publication.channel().value(),
        publication.event(),
        publication.exceptSocketId(),
        subscribers,
        request.address());
  }

  private static Response unwritable(String reason) {
    return Response.refusal(503, reason).withHeader("Retry-After", DISK_RETRY_SECONDS);
  }

  private static Response overloaded(String reason) {
    return Response.refusal(503, "Over capacity: " + reason).withHeader("Retry-After", "1");
  }
}
