package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.RecordComponent;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Options that lack a component cannot be built, unless 0 is one of its values, and no number is
/// negative.
final class ServerOptionsTest {

  /// 0 stands for "any", "automatic" or "no limit".
  private static final Set<String> MAY_BE_ZERO =
      Set.of(
          "port",
          "readBytesPerSecond",
          "lanes",
          "maxSockets",
          "maxConnectionsPerAddress",
          "maxHandshakesPerSecondPerAddress",
          "warmUpSeconds");

  static RecordComponent[] components() {
    return ServerOptions.class.getRecordComponents();
  }

  @Test
  void completeOptionsAreBuilt() throws ReflectiveOperationException {
    assertThat(build("none", null)).isEqualTo(ServerOptions.DEFAULTS);
  }

  @ParameterizedTest
  @MethodSource("components")
  void anOmittedComponentIsNamed(RecordComponent omitted) {
    String name = omitted.getName();
    Throwable thrown = catchThrowable(() -> build(name, null));
    if (MAY_BE_ZERO.contains(name)) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown)
          .hasRootCauseMessage(
              omitted.getType() == int.class ? name + " must be positive, and is 0" : name);
    }
  }

  @ParameterizedTest
  @MethodSource("components")
  void aNegativeNumberIsRefused(RecordComponent component) {
    if (component.getType() == int.class) {
      String name = component.getName();
      String must = MAY_BE_ZERO.contains(name) ? "not be negative" : "be positive";
      assertThat(catchThrowable(() -> build(name, -1)))
          .hasRootCauseMessage(name + " must " + must + ", and is -1");
    }
  }

  /// Options like the default ones, but for one component.
  ///
  /// @param value null to omit that component
  private static ServerOptions build(String changed, @Nullable Object value)
      throws ReflectiveOperationException {
    Object builder = ServerOptionsBuilder.class.getMethod("builder").invoke(null);
    for (RecordComponent component : components()) {
      Object other =
          component.getName().equals(changed)
              ? value
              : component.getAccessor().invoke(ServerOptions.DEFAULTS);
      if (other != null) {
        var _ =
            ServerOptionsBuilder.class
                .getMethod(component.getName(), component.getType())
                .invoke(builder, other);
      }
    }
    return (ServerOptions) ServerOptionsBuilder.class.getMethod("build").invoke(builder);
  }
}
