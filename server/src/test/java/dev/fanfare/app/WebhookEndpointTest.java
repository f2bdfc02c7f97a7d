package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Filters of webhook endpoints.
final class WebhookEndpointTest {

  private static final WebhookEndpoint ALL = WebhookEndpoint.at("http://a.example/hook");

  @Test
  void withoutFiltersEverythingIsSent() {
    assertThat(ALL.wants(new ChannelOccupied("any"))).isTrue();
    assertThat(ALL.wants(new ChannelVacated("presence-x"))).isTrue();
  }

  @Test
  void eventsAreFilteredByKind() {
    WebhookEndpoint some = ALL.withEvents(Set.of(WebhookEvent.Type.CHANNEL_OCCUPIED));
    assertThat(some.wants(new ChannelOccupied("any"))).isTrue();
    assertThat(some.wants(new ChannelVacated("any"))).isFalse();
    assertThat(some.wants(WebhookEvent.Type.CHANNEL_VACATED)).isFalse();
  }

  @Test
  void aChannelMustPassEveryFilter() {
    ChannelFilter filter = ChannelFilter.ALL.withPrefix("private-").withSuffix("-eu");
    assertThat(filter.matches("private-order-1-eu")).isTrue();
    assertThat(filter.matches("private-order-1-us")).isFalse();
    assertThat(filter.matches("order-1-eu")).isFalse();
    ChannelFilter numbered = filter.withPattern(pattern("private-order-[0-9]+-.*"));
    assertThat(numbered.matches("private-order-1-eu")).isTrue();
    assertThat(numbered.matches("private-order-x-eu")).isFalse();
  }

  @Test
  void excludedChannelsAreNotSent() {
    assertThat(ExcludedChannels.NONE.contains("any")).isFalse();
    ExcludedChannels excluded = new ExcludedChannels("private-encrypted-", "-eu", pattern("x+"));
    WebhookEndpoint some =
        ALL.withChannels(ChannelFilter.ALL.withPrefix("private-")).withExcluded(excluded);
    assertThat(some.wants(new ChannelOccupied("private-a"))).isTrue();
    assertThat(some.wants(new ChannelOccupied("private-encrypted-a"))).isFalse();
    assertThat(some.wants(new ChannelOccupied("private-a-eu"))).isFalse();
    assertThat(some.wants(new ChannelOccupied("a"))).isFalse();
    assertThat(excluded.contains("xxx")).isTrue();
    assertThat(excluded.contains("xxxy")).isFalse();
  }

  @Test
  void aPatternMatchesTheWholeName() {
    assertThat(pattern("order|bill").matches("order")).isTrue();
    assertThat(pattern("order|bill").matches("order-1")).isFalse();
    assertThat(ChannelPattern.ANY.matches("order-1")).isTrue();
    assertThat(ChannelPattern.parse("(")).isNull();
  }

  /// Backtracking would never finish.
  @Test
  void noNameMakesAPatternSlow() {
    String name = "a".repeat(200) + "!";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(pattern("(a|aa)+(a*)*b").matches(name)).isFalse());
  }

  @Test
  void headersAreNotPrinted() {
    assertThat(ALL.withHeaders(Map.of("Authorization", new Secret("hush"))).toString())
        .contains("Authorization")
        .doesNotContain("hush");
  }

  private static ChannelPattern pattern(String text) {
    ChannelPattern pattern = ChannelPattern.parse(text);
    assertThat(pattern).isNotNull();
    return pattern;
  }
}
