package dev.fanfare.http;

import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.Json;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

/// What orchestrators, balancers and monitors ask; open to everyone, and tells nothing secret.
public final class HealthApi {

  private final Readiness readiness;

  public HealthApi(Readiness readiness) {
    this.readiness = readiness;
  }

  /// The process answers. That is all: a node that wants no more connections is still alive, and
  /// must not be killed for it.
  Response live() {
    return Response.text(200, "OK");
  }

  /// 200 if further connections are wanted, else 503 with the reasons, one per line.
  Response ready() {
    List<String> reasons = readiness.reasons();
    return reasons.isEmpty()
        ? Response.text(200, "OK")
        : Response.refusal(503, String.join("\n", reasons));
  }

  /// Memory in the shape that soketi gives it, in bytes and percent of the heap's ceiling.
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
