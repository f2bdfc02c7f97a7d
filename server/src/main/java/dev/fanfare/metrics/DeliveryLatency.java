package dev.fanfare.metrics;

import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.Latency;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.util.concurrent.TimeUnit;

/// The histogram that lanes maintain. Micrometer can read counters from elsewhere, but not
/// histograms, so this is registered with Prometheus directly. Any thread.
final class DeliveryLatency implements Collector {

  private final Lanes lanes;

  DeliveryLatency(Lanes lanes) {
    this.lanes = lanes;
  }

  @Override
  public HistogramSnapshot collect() {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int bucket = 0; bucket < Latency.BUCKETS; bucket++) {
      buckets.bucket(Latency.boundSeconds(bucket), count(bucket));
    }
    double sumNs = 0;
    for (Lane lane : lanes.all()) {
      sumNs += lane.tally().latency().sumNs();
    }
    return HistogramSnapshot.builder()
        .name("fanfare_delivery_latency_seconds")
        .help("From accepting an event until a lane has flushed it to all its subscribers")
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(sumNs / TimeUnit.SECONDS.toNanos(1))
                .build())
        .build();
  }

  private long count(int bucket) {
    long count = 0;
    for (Lane lane : lanes.all()) {
      count += lane.tally().latency().count(bucket);
    }
    return count;
  }
}
