package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.cli.banner.Address;
import dev.fanfare.cli.banner.Banner;
import dev.fanfare.protocol.Limits;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BannerTest {

  private static final App APP =
      new App("1", "abc", new Secret("not-shown"), AppOptions.DEFAULTS, Limits.HOSTED);

  private static final App DISABLED =
      new App(
          "2",
          "def",
          new Secret("not-shown"),
          AppOptions.DEFAULTS.withEnabled(false),
          Limits.HOSTED);

  @Test
  void itShowsAddressesAndApps() {
    assertThat(
            Banner.text(
                new Address("0.0.0.0", 6001, "/v1"),
                "nio (as configured)",
                "",
                new Address("127.0.0.1", 9601, "/metrics"),
                new Address("127.0.0.1", 9602, ""),
                List.of(APP)))
        .startsWith("\n  Fanfare ")
        .contains(
            "  address    http://localhost:6001/v1 (0.0.0.0: every IPv4 address of this machine)\n")
        .contains("  transport  nio (as configured)\n")
        .contains("  metrics    http://127.0.0.1:9601/metrics\n")
        .contains("  console    http://127.0.0.1:9602\n")
        .contains("  app        1, key abc\n")
        .containsPattern("  files      open-file limit [0-9]+, one per connection\n")
        .endsWith("\n\n");
  }

  @Test
  void itShowsNoSecret() {
    String text =
        Banner.text(
            new Address("127.0.0.1", 80, ""), "nio", "", null, null, List.of(APP, DISABLED));
    assertThat(text)
        .doesNotContain("not-shown")
        .doesNotContain("metrics")
        .doesNotContain("console")
        .contains("  app        2, key def, disabled\n");
  }

  @Test
  void itShowsTheCertificateInUse() {
    Address address = new Address("0.0.0.0", 6001, "", "live.example.com");
    assertThat(
            Banner.text(
                address, "nio", "live.example.com, valid until then", null, null, List.of(APP)))
        .contains("  address    https://live.example.com:6001 (0.0.0.0: every IPv4 address of")
        .contains("  tls        live.example.com, valid until then\n");
    assertThat(new Address("0.0.0.0", 1, "", "").url()).isEqualTo("https://localhost:1");
  }

  @Test
  void itFitsOneScreen() {
    String text =
        Banner.text(
            new Address("::1", 80, ""), "nio", "", null, null, Collections.nCopies(500, APP));
    assertThat(text).hasLineCount(28).contains("  app        and 480 more\n");
  }

  @Test
  void anAddressIsFormattedForAUrl() {
    assertThat(new Address("0.0.0.0", 1, "").url()).isEqualTo("http://localhost:1");
    assertThat(new Address("::", 1, "").url()).isEqualTo("http://localhost:1");
    assertThat(new Address("::1", 1, "").url()).isEqualTo("http://[::1]:1");
    assertThat(new Address("example.com", 1, "/a").url()).isEqualTo("http://example.com:1/a");
  }
}
