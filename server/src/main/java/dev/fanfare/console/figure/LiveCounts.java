package dev.fanfare.console.figure;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.observe.Traffic;
import dev.fanfare.session.Sessions;
import java.util.function.ToLongFunction;

/// The counts of a running server: those of its registries, of its lanes, and of what the console
/// remembers. Any thread.
///
/// @param published events of an app that this node was asked to publish, by the app's id
public record LiveCounts(
    Sessions sessions, Lanes lanes, Retrospect retrospect, ToLongFunction<String> published)
    implements Tallies {

  @Override
  public int connections(App app) {
    return sessions.count(app);
  }

  @Override
  public long publishes(App app) {
    return published.applyAsLong(app.id());
  }

  @Override
  public long deliveries(App app) {
    long sum = 0;
    for (Lane lane : lanes.all()) {
      sum += lane.tally().count(app.id(), Traffic.Count.DELIVERIES);
    }
    return sum;
  }

  @Override
  public long refusals(App app) {
    return retrospect.refused(app.id());
  }

  @Override
  public long latencies(int bucket) {
    long sum = 0;
    for (Lane lane : lanes.all()) {
      sum += lane.tally().latency().count(bucket);
    }
    return sum;
  }

  @Override
  public long lagNs() {
    long lagNs = 0;
    for (Lane lane : lanes.all()) {
      lagNs = Math.max(lagNs, lane.lastLagNs());
    }
    return lagNs;
  }
}
