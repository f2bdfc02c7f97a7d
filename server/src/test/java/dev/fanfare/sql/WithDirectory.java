package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.Lookup;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A directory over a table in memory, with a clock that is held.
abstract class WithDirectory {

  final ManualClock clock = new ManualClock();
  final FakeTable table = new FakeTable();
  final CurrentApps apps = new CurrentApps(List.of(), _ -> {});
  final List<List<String>> applied = new ArrayList<>();
  final List<String> reports = new ArrayList<>();
  final Set<String> inUse = new HashSet<>();

  final Directory directory = directory(100);

  Directory directory(int maxApps) {
    return new Directory(
        apps,
        table,
        new Readings(WithDirectory::read, () -> 1),
        clock,
        new Usage(_ -> Set.copyOf(inUse)),
        new Directory.Outside() {
          @Override
          public void apply(List<App> next) {
            applied.add(next.stream().map(App::id).toList());
            apps.replace(next);
          }

          @Override
          public void away(String reason, boolean hasAnswered) {
            reports.add(hasAnswered ? "away" : "never");
          }

          @Override
          public void here() {
            reports.add("here");
          }

          @Override
          public void loaded() {
            reports.add("loaded " + applied);
          }
        },
        maxApps,
        () -> {});
  }

  static Parsed<App> read(AppRow row) {
    String secret = row.columns().getOrDefault("secret", "");
    return secret.isEmpty()
        ? new Parsed.Bad<>("secret is missing")
        : new Parsed.Ok<>(
            new App(row.id(), row.key(), new Secret(secret), AppOptions.DEFAULTS, Limits.HOSTED));
  }

  /// Turns until nothing is due at this time.
  void turn() {
    long waitNs = directory.turn();
    for (int i = 0; waitNs == 0; i++) {
      assertThat(i).isLessThan(100);
      waitNs = directory.turn();
    }
  }

  void turnAfter(Duration time) {
    clock.advance(time);
    turn();
  }

  CompletableFuture<Lookup.Settled> asked(Lookup lookup) {
    return lookup instanceof Lookup.Later(CompletableFuture<Lookup.Settled> answer)
        ? answer
        : CompletableFuture.completedFuture((Lookup.Settled) lookup);
  }

  Lookup.Settled byKey(String key) {
    CompletableFuture<Lookup.Settled> answer = asked(directory.byKey(key));
    turnAfter(Duration.ofNanos(Directory.ASK_NS));
    return answer.join();
  }

  Lookup.Settled byId(String id) {
    CompletableFuture<Lookup.Settled> answer = asked(directory.byId(id));
    turnAfter(Duration.ofNanos(Directory.ASK_NS));
    return answer.join();
  }
}
