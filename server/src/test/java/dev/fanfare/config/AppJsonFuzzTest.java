package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.app.App;
import dev.fanfare.app.AppFormat;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// Any body of an operator is an app or has a reason, and an app is written as what is read as it.
final class AppJsonFuzzTest {

  private static final AppJson FORMAT = new AppJson(Draft.empty(), new Random(1));

  @FuzzTest
  void anyBodyIsAnAppOrHasAReason(byte[] bytes) {
    String body = new String(bytes, StandardCharsets.UTF_8);
    switch (FORMAT.create(body)) {
      case Parsed.Bad<AppFormat.NewApp>(String reason) -> assertThat(reason).isNotBlank();
      case Parsed.Ok<AppFormat.NewApp>(AppFormat.NewApp created) -> {
        App app = created.app();
        assertThat(FORMAT.read(FORMAT.write(app))).isEqualTo(new Parsed.Ok<>(app));
        assertThat(FORMAT.show(app)).doesNotContain("\"secret\"");
        assertThat(FORMAT.change(app, FORMAT.show(app))).isEqualTo(new Parsed.Ok<>(app));
      }
    }
  }
}
