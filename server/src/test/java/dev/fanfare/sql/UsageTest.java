package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which apps leave the memory.
final class UsageTest {

  @Test
  void aLookUpDuringTheEvictionWaitsAndFindsTheApp() {
    Usage usage = new Usage(_ -> Set.of());
    App app = new App("1", "a", new Secret("s"), AppOptions.DEFAULTS, Limits.HOSTED);
    usage.retain(Set.of("1"));
    assertThat(usage.leaving(List.of(app), 0, 0)).isEmpty();
    assertThat(usage.touch("1")).isTrue();
    assertThat(usage.leaving(List.of(app), 0, Usage.IDLE_NS)).isEmpty();
    assertThat(usage.leaving(List.of(app), 0, 2 * Usage.IDLE_NS)).containsExactly("1");
    assertThat(usage.touch("1")).isFalse();
    usage.retain(Set.of());
    assertThat(usage.touch("1")).isTrue();
  }
}
