package dev.fanfare.doctor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.bus.StoreRemark;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Does everything with an engine that nodes do to keep history and idempotency keys, under a name
/// that no app has. Blocks; for one thread.
final class StoreTrial {

  /// Everything ends after that.
  private static final long TTL_MS = 60_000;

  private static final String NO_APP = "";

  /// Something was refused, or not done within the time.
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String reason) {
      super(reason);
    }
  }

  private final EngineOptions engine;
  private final String name;
  private final Duration timeout;

  /// @param life of this process, which no other has
  /// @param timeout for each answer
  StoreTrial(EngineOptions engine, long life, Duration timeout) {
    this.engine = engine;
    this.name = "doctor-" + life;
    this.timeout = timeout;
  }

  private <T extends @Nullable Object> T await(String what, CompletionStage<T> stage)
      throws InterruptedException, Failure {
    try {
      return stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Failure(what + ": " + cause.getMessage());
    } catch (TimeoutException e) {
      throw new Failure(what + ": no answer within " + timeout.toSeconds() + " s");
    }
  }

  /// History: events, pages, purges and positions.
  ///
  /// @param streams not opened yet; they are closed at the end
  /// @param remarks what else there is to know about an engine that can be used
  Outcome history(Streams streams, EngineDoctor.Remarks remarks) throws InterruptedException {
    try (streams) {
      boolean _ = await("connecting", opened(streams));
      keep(streams);
      return outcome(remarks.get());
    } catch (Failure e) {
      String reason = String.valueOf(e.getMessage());
      return new Outcome.Failed(reason, Remedies.ofStore(reason, engine));
    }
  }

  private static CompletableFuture<Boolean> opened(Streams streams) {
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    streams.open(
        new Streams.Listener() {
          @Override
          public void onAvailable() {
            opened.complete(true);
          }

          @Override
          public void onUnavailable(String reason) {
            opened.completeExceptionally(new IllegalStateException(reason));
          }
        });
    return opened;
  }

  private void keep(Streams streams) throws InterruptedException, Failure {
    ChannelKey channel = new ChannelKey(NO_APP, name);
    Streams.Limits limits = new Streams.Limits(10, TTL_MS, TTL_MS);
    Streams.Appended one =
        await("an event", streams.append(channel, "one".getBytes(UTF_8), limits, null));
    Streams.Appended two =
        await("an event", streams.append(channel, "two".getBytes(UTF_8), limits, null));
    List<Streams.Entry> page =
        await("a page", streams.range(channel, EventId.NONE, Streams.END, 10, true));
    var _ = await("a page", streams.range(channel, EventId.NONE, Streams.END, 10, false));
    if (page.size() != 2 || !two.previous().equals(one.id())) {
      throw new Failure("of 2 events, a page has " + page.size());
    }
    Streams.Position position = new Streams.Position(one.id(), "");
    var _ = await("a position", streams.hold(channel, "d:1", "1.1", position, TTL_MS));
    var _ = await("a position", streams.claim(channel, "d:1", "1.2", TTL_MS));
    for (int i = 0; i <= Streams.MAX_WAITING; i++) { // one more than are kept
      EventId confirmed = new EventId(i, 0);
      var _ = await("a position", streams.leave(channel, "u:1", confirmed, TTL_MS + i));
    }
    var _ = await("a position", streams.oldest(channel, "u:1"));
    for (int i = 0; i <= Streams.MAX_READERS; i++) {
      var _ = await("a cursor", streams.seen(channel, Map.of("d:" + i, one.id()), TTL_MS));
    }
    var _ = await("cursors", streams.cursors(channel));
    var _ = await("a purge", streams.purge(channel));
  }

  private static Outcome outcome(List<StoreRemark> remarks) {
    List<String> findings = new ArrayList<>(List.of("history can be kept"));
    List<String> remedies = new ArrayList<>();
    for (StoreRemark remark : remarks) {
      findings.add(remark.finding());
      if (remark.isWarning()) {
        remedies.add(remark.remedy());
      }
    }
    String finding = String.join("; ", findings);
    return remedies.isEmpty()
        ? new Outcome.Passed(finding)
        : new Outcome.Warned(finding, String.join(" ", remedies));
  }

  /// Idempotency keys. Nodes do without if they must.
  ///
  /// @param keys not opened yet; they are closed at the end
  Outcome keys(RequestKeys keys) throws InterruptedException {
    byte[] claim = "R".getBytes(UTF_8);
    byte[] answer = "D".getBytes(UTF_8);
    try (keys) {
      CompletableFuture<Boolean> tried = new CompletableFuture<>();
      keys.open(() -> tried.complete(true));
      boolean _ = await("connecting", tried);
      byte[] known = await("a key", keys.claim(NO_APP, name, claim, TTL_MS));
      boolean isSettled = await("a key", keys.settle(NO_APP, name, claim, answer, TTL_MS));
      boolean isFree = await("a key", keys.abandon(NO_APP, name, answer));
      if (known != null || !isSettled || !isFree) {
        throw new Failure("a key was not kept");
      }
      return new Outcome.Passed("idempotency keys hold on all nodes");
    } catch (Failure e) {
      return new Outcome.Skipped(
          "idempotency keys hold on one node only, because the engine does not keep them: "
              + e.getMessage());
    }
  }
}
