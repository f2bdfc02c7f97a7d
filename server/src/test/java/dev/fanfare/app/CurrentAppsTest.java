package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Limits;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What the holder of a [LiveApp] sees of reloads.
final class CurrentAppsTest {

  private static final App ONE = app("1", "key1");
  private static final App TWO = app("2", "key2");

  private final AtomicReference<Collection<App>> announced = new AtomicReference<>(List.of());
  private final CurrentApps apps = new CurrentApps(List.of(ONE, TWO), announced::set);

  private static App app(String id, String key) {
    return new App(id, key, new Secret("secret"), AppOptions.DEFAULTS, Limits.HOSTED);
  }

  private LiveApp one() {
    return switch (apps.byId("1")) {
      case LiveApp live -> live;
      case Lookup other -> throw new AssertionError(other);
    };
  }

  @Test
  void bothDoorsLeadToTheSameObject() {
    assertThat(apps.byKey("key1")).isSameAs(apps.byId("1"));
    assertThat(one().id()).isEqualTo("1");
    assertThat(apps.byKey("1")).isEqualTo(Lookup.Unknown.UNKNOWN);
    assertThat(apps.byId("key1")).isEqualTo(Lookup.Unknown.UNKNOWN);
    assertThat(apps.known("1")).isEqualTo(ONE);
    assertThat(apps.known("3")).isNull();
    assertThat(apps.knownByKey("key1")).isEqualTo(ONE);
    assertThat(apps.knownByKey("1")).isNull();
    assertThat(apps.known()).containsExactly(ONE, TWO);
  }

  @Test
  void aReloadChangesTheObjectThatIsHeld() {
    LiveApp held = one();
    App changed = ONE.withKey("new").withLimits(Limits.HOSTED.withMaxConnections(7));
    assertThat(apps.replace(List.of(TWO, changed))).hasToString("apps changed 1");
    assertThat(held.current()).isEqualTo(changed);
    assertThat(apps.byKey("new")).isSameAs(held);
    assertThat(apps.byKey("key1")).isEqualTo(Lookup.Unknown.UNKNOWN);
    assertThat(apps.known()).containsExactly(TWO, changed);
    assertThat(announced.get()).containsExactly(TWO, changed);
  }

  @Test
  void aRemovedAppKeepsItsLastOptions() {
    LiveApp held = one();
    apps.replace(List.of(TWO));
    assertThat(held.isRemoved()).isTrue();
    assertThat(held.current()).isEqualTo(ONE);
    assertThat(apps.byId("1")).isEqualTo(Lookup.Unknown.UNKNOWN);
    assertThat(apps.byKey("key1")).isEqualTo(Lookup.Unknown.UNKNOWN);
    assertThat(apps.known("1")).isNull();
  }

  @Test
  void aRemovedAppThatReturnsIsTheSameObject() {
    LiveApp held = one();
    apps.replace(List.of(TWO));
    apps.replace(List.of(TWO));
    App returned = ONE.withKey("new");
    apps.replace(List.of(TWO, returned));
    assertThat(apps.byId("1")).isSameAs(held);
    assertThat(held.isRemoved()).isFalse();
    assertThat(held.current()).isEqualTo(returned);
  }

  @Test
  void aKeyMayMoveToAnotherApp() {
    apps.replace(List.of(ONE.withKey("key2"), TWO.withKey("key1")));
    assertThat(apps.byKey("key2")).isSameAs(one());
    assertThat(one().current().key()).isEqualTo("key2");
  }
}
