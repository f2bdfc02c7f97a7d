package dev.fanfare.http;

import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.Json;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

/// Health checks for orchestrators, load balancers and monitors. Unauthenticated, so responses
/// contain nothing confidential.
public final class HealthApi {

  private final Readiness readiness;

  public HealthApi(Readiness readiness) {
    this.readiness = readiness;
  }

  /// 200 whenever the process responds: a node that refuses new connections is still alive and must
  /// not be restarted for it.
  Response live() {
    return Response.success(200, "OK");
  }

  /// 200 if the node accepts new connections, else 503 with the reasons, one per line.
  Response ready() {
    List<String> reasons = readiness.reasons();
    return reasons.isEmpty()
        ? Response.success(200, "OK")
        : Response.refusal(503, String.join("\n", reasons));
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
