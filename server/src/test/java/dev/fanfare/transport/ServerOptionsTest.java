package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.RecordComponent;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Options that lack a component cannot be built, unless 0 is one of its values.
final class ServerOptionsTest {

  /// 0 stands for "any", "automatic" or "no limit".
  private static final Set<String> MAY_BE_ZERO =
      Set.of(
          "port",
          "readBytesPerSecond",
          "lanes",
          "maxSockets",
          "maxConnectionsPerAddress",
          "maxHandshakesPerSecondPerAddress");

  static RecordComponent[] components() {
    return ServerOptions.class.getRecordComponents();
  }

  @Test
  void completeOptionsAreBuilt() throws ReflectiveOperationException {
    assertThat(buildWithout("none")).isEqualTo(ServerOptions.DEFAULTS);
  }

  @ParameterizedTest
  @MethodSource("components")
  void anOmittedComponentIsNamed(RecordComponent omitted) {
    String name = omitted.getName();
    Throwable thrown = catchThrowable(() -> buildWithout(name));
    if (MAY_BE_ZERO.contains(name)) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown)
          .hasRootCauseMessage(
              omitted.getType() == int.class ? name + " must be positive, and is 0" : name);
    }
  }

  private static ServerOptions buildWithout(String omitted) throws ReflectiveOperationException {
    Object builder = ServerOptionsBuilder.class.getMethod("builder").invoke(null);
    for (RecordComponent component : components()) {
      if (!component.getName().equals(omitted)) {
        Object value = component.getAccessor().invoke(ServerOptions.DEFAULTS);
        var _ =
            ServerOptionsBuilder.class
                .getMethod(component.getName(), component.getType())
                .invoke(builder, value);
      }
    }
    return (ServerOptions) ServerOptionsBuilder.class.getMethod("build").invoke(builder);
  }
}
