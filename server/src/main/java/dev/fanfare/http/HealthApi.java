package dev.fanfare.http;

import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.Json;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.OutboxLosses;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Health checks for orchestrators, load balancers and monitors. Unauthenticated, so responses
/// contain nothing confidential.
public final class HealthApi {

  private final Readiness readiness;
  private final Outbox outbox;
  private final Supplier<String> history;

  /// @param history what is wrong with the files of history, without a full stop; empty for nothing
  public HealthApi(Readiness readiness, Outbox outbox, Supplier<String> history) {
    this.readiness = readiness;
    this.outbox = outbox;
    this.history = history;
  }

  /// Its rows of the [RouteTable].
  ///
  /// The aliases are the names of soketi and Reverb.
  List<Route> routes() {
    return List.of(
        Route.open("GET", "/live", _ -> live(), "/", "/up"),
        Route.open("GET", "/ready", _ -> ready(), "/accept-traffic"),
        Route.open("GET", "/usage", _ -> usage()));
  }

  /// 200 whenever the process responds: a node that refuses new connections is still alive and must
  /// not be restarted for it.
  Response live() {
    return Response.success(200, "OK");
  }

  /// 200 if the node accepts new connections, else 503 with the reasons, one per line. What is
  /// wrong without being a reason follows: notes, and problems of history, and of the outbox, which
  /// sends webhooks nonetheless.
  Response ready() {
    List<String> reasons = readiness.reasons();
    return reasons.isEmpty()
        ? Response.success(200, "OK" + notes() + outboxProblems())
        : Response.refusal(503, String.join("\n", reasons) + notes() + outboxProblems());
  }

  private String notes() {
    String problem = history.get();
    return readiness.notes().stream().map("\n"::concat).collect(Collectors.joining())
        + (problem.isEmpty() ? "" : "\ndegraded: " + problem);
  }

  private String outboxProblems() {
    String problems = "";
    if (outbox.isOnDisk() && !outbox.isDurable()) {
      problems += "\nwebhooks: the disk fails, so new ones are kept in memory only";
    }
    OutboxLosses losses = outbox.losses();
    if (losses.damages() > 0) {
      problems +=
          "\nwebhooks: the file was found damaged or missing since the start, times: "
              + losses.damages()
              + ", webhooks known to be lost: "
              + losses.records();
    }
    return problems;
  }

  /// Memory in soketi's format: bytes, and percent of the maximum heap.
  Response usage() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long total = heap.getMax() < 0 ? heap.getCommitted() : heap.getMax();
    return Response.json(
        Json.object()
            .startObject("memory")
            .field("free", total - heap.getUsed())
            .field("used", heap.getUsed())
            .field("total", total)
            .field("percent", heap.getUsed() * 100 / total)
            .endObject()
            .utf8());
  }
}
