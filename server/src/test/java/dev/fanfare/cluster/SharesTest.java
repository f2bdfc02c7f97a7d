package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fanfare.bus.RateShares;
import dev.fanfare.bus.RateShares.Kind;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Nodes divide the rate limits of apps by what each is asked for.
final class SharesTest {

  private static final int SECOND = 1_000;
  private static final double LEAST = 0.1;

  private final Lab lab = new Lab();

  private List<Lab.Station> stations(int count) {
    List<Lab.Station> stations =
        IntStream.range(0, count).mapToObj(i -> lab.station(i + 1)).toList();
    lab.run(2 * SECOND);
    return stations;
  }

  private static double share(Lab.Station station) {
    return station.shares.share("1", Kind.EVENTS);
  }

  private static double sum(List<Lab.Station> stations) {
    return stations.stream().mapToDouble(SharesTest::share).sum();
  }

  /// Lets the stations be asked for so many events per second, 0 to 1,000.
  private void run(List<Lab.Station> stations, int ms, int... perSecond) {
    double[] due = new double[perSecond.length];
    for (int i = 0; i < ms; i++) {
      for (int n = 0; n < perSecond.length; n++) {
        due[n] += perSecond[n] / 1_000.0;
        if (due[n] >= 1) {
          due[n]--;
          stations.get(n).shares.ask("1", Kind.EVENTS, 1);
        }
      }
      lab.run(1);
    }
  }

  @Test
  void aNodeWithoutOthersHasAllOfALimit() {
    Lab.Station alone = stations(1).getFirst();
    assertThat(share(alone)).isEqualTo(1);
    run(List.of(alone), 2 * SECOND, 100);
    assertThat(share(alone)).isEqualTo(1);
    assertThat(new RateShares().share("1", Kind.READS)).isEqualTo(1);
  }

  @Test
  void withoutDemandAllNodesHaveTheSameShare() {
    List<Lab.Station> stations = stations(4);
    assertThat(stations).allSatisfy(station -> assertThat(share(station)).isEqualTo(0.25));
  }

  @Test
  void sharesAreInProportionToTheDemand() {
    List<Lab.Station> stations = stations(3);
    run(stations, 5 * SECOND, 100, 300, 0);
    assertThat(share(stations.get(0))).isCloseTo(0.25, within(0.05));
    assertThat(share(stations.get(1))).isCloseTo(0.75, within(0.05));
    assertThat(share(stations.get(2))).isEqualTo(LEAST / 3);
  }

  @Test
  void sharesFollowTheDemandWithinTwoSeconds() {
    List<Lab.Station> stations = stations(2);
    run(stations, 5 * SECOND, 200, 0);
    assertThat(share(stations.get(0))).isGreaterThan(0.95);
    run(stations, 2 * SECOND, 0, 200);
    assertThat(share(stations.get(1))).isGreaterThan(0.9);
    assertThat(share(stations.get(0))).isLessThan(0.1);
  }

  @Test
  void theSharesTogetherExceedTheLimitByATenthAtMostWhileDemandMoves() {
    Random random = new Random(7);
    List<Lab.Station> stations = stations(3);
    for (int i = 0; i < 300; i++) {
      run(
          stations,
          50,
          random.nextInt(3) * random.nextInt(500),
          random.nextInt(2) * random.nextInt(1_000),
          random.nextInt(50));
      assertThat(sum(stations)).isLessThanOrEqualTo(1 + LEAST);
    }
  }

  @Test
  void eachLimitAndEachAppIsDividedSeparately() {
    List<Lab.Station> stations = stations(2);
    for (int i = 0; i < 3 * SECOND; i++) {
      stations.get(0).shares.ask("1", Kind.EVENTS, 1);
      stations.get(1).shares.ask("1", Kind.READS, 1);
      stations.get(1).shares.ask("2", Kind.EVENTS, 1);
      lab.run(1);
    }
    assertThat(share(stations.get(0))).isGreaterThan(0.95);
    assertThat(stations.get(0).shares.share("1", Kind.READS)).isEqualTo(LEAST / 2);
    assertThat(stations.get(1).shares.share("1", Kind.READS)).isGreaterThan(0.95);
    assertThat(stations.get(1).shares.share("2", Kind.EVENTS)).isGreaterThan(0.95);
    assertThat(stations.get(1).shares.share("3", Kind.EVENTS)).isEqualTo(0.5);
  }

  @Test
  void moreBusyAppsThanFitIntoABeatTakeTurns() {
    List<Lab.Station> stations = stations(2);
    int apps = 2 * Shares.MAX_ANNOUNCED + 100;
    for (int i = 0; i < 300; i++) {
      for (int app = 0; app < apps; app++) {
        stations.get(0).shares.ask("app" + app, Kind.EVENTS, 1);
      }
      lab.run(10);
    }
    for (int app = 0; app < apps; app++) {
      assertThat(stations.get(1).shares.share("app" + app, Kind.EVENTS)).isEqualTo(LEAST / 2);
      assertThat(stations.get(0).shares.share("app" + app, Kind.EVENTS)).isGreaterThan(0.95);
    }
  }

  @Test
  void aNodeThatHearsNothingKeepsItsShareAndOneThatIsGoneGivesItUp() {
    List<Lab.Station> stations = stations(2);
    run(stations, 5 * SECOND, 100, 100);
    lab.loss = (_, _) -> true; // the engine is away
    run(stations, 30 * SECOND, 100, 100);
    assertThat(share(stations.get(0))).isCloseTo(0.5, within(0.1));
    lab.loss = (_, _) -> false;
    run(stations, 3 * SECOND, 100, 100);
    lab.kill(stations.get(1));
    run(stations, 10 * SECOND, 100);
    assertThat(share(stations.get(0))).isEqualTo(1);
  }

  @Test
  void aNodeThatShutsDownGivesItsShareUpAtOnce() {
    List<Lab.Station> stations = stations(2);
    run(stations, 5 * SECOND, 100, 100);
    stations.get(1).mesh.bye(lab.nowNs());
    lab.run(50);
    lab.kill(stations.get(1));
    run(stations, SECOND, 100);
    assertThat(share(stations.get(0))).isEqualTo(1);
  }
}
