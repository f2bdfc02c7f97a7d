package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.LiveApp;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Apps that are needed from the start on, although no client looks them up.
final class NeededAppsTest extends WithDirectory {

  @Test
  void whatIsNeededFromTheStartOnIsReadAtOnce() {
    table.put("1", "a", "secret");
    directory.load(Set.of("1", "2"));
    assertThat(reports).containsExactly("here", "loaded [[1]]");
    turnAfter(Duration.ofSeconds(10));
    assertThat(reports).hasSize(2);
  }

  @Test
  void whatIsNeededFromTheStartOnIsReadOnceTheDatabaseAnswers() {
    table.put("1", "a", "secret");
    table.isAway = true;
    directory.load(Set.of("1", "2"));
    for (int i = 0; i < 5; i++) {
      turnAfter(Duration.ofSeconds(1));
    }
    assertThat(reports).containsOnly("never");
    reports.clear();
    table.isAway = false;
    turnAfter(Duration.ofSeconds(1));
    assertThat(reports).containsExactly("here", "loaded [[1]]");
    assertThat(directory.byId("1")).isInstanceOf(LiveApp.class);
    turnAfter(Duration.ofSeconds(10));
    assertThat(reports).hasSize(2);
  }
}
