package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Section 1.5, rules 1 and 4: undocumented codes send some clients into a retry loop, 43xx stops
/// JavaScript clients permanently.
final class CloseCodeTest {

  private static final Set<Integer> DOCUMENTED =
      Set.of(
          4000, 4001, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4100, 4200, 4201, 4202, 1000, 1001,
          1002, 1003, 1007, 1009);

  @ParameterizedTest
  @EnumSource
  void everyCodeIsDocumented(CloseCode code) {
    assertThat(DOCUMENTED).contains(code.code());
    assertThat(code.isPusher()).isEqualTo(code.code() >= 4_000);
  }
}
