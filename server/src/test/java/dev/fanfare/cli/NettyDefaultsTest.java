package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/// However the server is started, it does not follow buffers; and an option turns that on.
final class NettyDefaultsTest {

  @Test
  void leaksAreNotDetectedInAServerUnlessThatIsAskedFor() {
    Properties properties = new Properties();
    Main.setDefaults(properties);
    assertThat(properties)
        .isEqualTo(
            Map.of(
                "io.netty.leakDetection.level",
                "disabled",
                "io.netty.tryReflectionSetAccessible",
                "true"));
    properties.put("io.netty.leakDetection.level", "paranoid");
    Main.setDefaults(properties);
    assertThat(properties).containsEntry("io.netty.leakDetection.level", "paranoid");
  }
}
