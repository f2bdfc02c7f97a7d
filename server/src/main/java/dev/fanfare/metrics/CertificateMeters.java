package dev.fanfare.metrics;

import dev.fanfare.observe.CertificateOrders;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/// Orders of certificates. Registered once; read by any thread.
final class CertificateMeters {

  private CertificateMeters() {}

  static void register(MeterRegistry registry, CertificateOrders.Source orders) {
    register(registry, orders, "issued", CertificateOrders::issued);
    register(registry, orders, "failed", CertificateOrders::failed);
  }

  private static void register(
      MeterRegistry registry,
      CertificateOrders.Source orders,
      String result,
      ToLongFunction<CertificateOrders> count) {
    FunctionCounter.builder(
            "fanfare.tls.certificate.orders", orders, s -> count.applyAsLong(s.get()))
        .description("Orders of certificates by ACME")
        .tag("result", result)
        .register(registry);
  }
}
