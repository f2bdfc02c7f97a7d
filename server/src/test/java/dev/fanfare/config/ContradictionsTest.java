package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Values that are valid on their own, but not together.
final class ContradictionsTest {

  @TempDir Path directory;

  private Given app(String options) {
    return new Given(directory).yaml("apps:\n  - {id: 1, key: a, secret: x, " + options + "}\n");
  }

  @Test
  void aClientsMessageMustFitAnEvent() {
    assertThat(app("client_events: true, limits: {max_event_bytes: 63489}").problems())
        .containsExactly(
            "fanfare.yaml:2:79: apps[0].limits.max_event_bytes is 63489, which may take 131074"
                + " bytes, but server.max_message_bytes is 131072 (the default)");
    assertThat(app("client_events: true, limits: {max_event_bytes: 63488}").problems()).isEmpty();
    assertThat(app("client_events: false, limits: {max_event_bytes: 63489}").problems()).isEmpty();
  }

  @Test
  void theErrorNamesTheSettingThatWasSet() {
    assertThat(app("client_events: true").variable("FANFARE_MAX_MESSAGE_BYTES", "2000").problems())
        .containsExactly(
            "environment: apps[0].limits.max_event_bytes is 10240 (the default), which may take"
                + " 24576 bytes, but FANFARE_MAX_MESSAGE_BYTES is 2000");
  }

  @Test
  void aRequestAndAQueueMustFitAnEvent() {
    assertThat(app("limits: {max_event_bytes: 600000}").problems())
        .containsExactly(
            "fanfare.yaml:2:58: apps[0].limits.max_event_bytes is 600000, which may take 1204096"
                + " bytes, but server.max_pending_bytes is 1048576 (the default)",
            "fanfare.yaml:2:58: apps[0].limits.max_event_bytes is 600000, which may take 1204096"
                + " bytes, but server.max_request_bytes is 1048576 (the default)");
  }

  @Test
  void aBatchThatMayNotFitIsAWarning() {
    assertThat(app("limits: {max_batch_events: 100}").warnings())
        .containsExactly(
            "fanfare.yaml:2:59: apps[0].limits.max_batch_events is 100, which may take 2052096"
                + " bytes in a request, but server.max_request_bytes is 1048576 (the default)");
  }

  @Test
  void aTimeoutNeedsItsFeature() {
    assertThat(app("authorization_timeout_seconds: 5").problems())
        .containsExactly(
            "fanfare.yaml:2:63: apps[0].authorization_timeout_seconds is 5, but has no effect,"
                + " since apps[0].authorized_connections_only is false (the default)");
    String both = "authorization_timeout_seconds: 5, authorized_connections_only: true";
    assertThat(app(both).problems()).isEmpty();
    // Some files spell out every option, with the default of this one.
    String all = "authorization_timeout_seconds: 30, authorized_connections_only: false";
    assertThat(app(all).problems()).isEmpty();
  }

  @Test
  void allOriginsAndSomeOriginsConflict() {
    assertThat(app("allowed_origins: [a.com, '*']").problems())
        .containsExactly(
            "fanfare.yaml:2:49: apps[0].allowed_origins allows every origin with \"*\" and lists"
                + " others, too");
  }

  @Test
  void anOriginThatNeverMatchesIsRefused() {
    String must =
        ", but each must be a host, *.host, scheme://host or scheme://host:port, without the port"
            + " that a browser leaves out (80 for http, 443 for https), null or file:// for pages"
            + " without a host, or * for all";
    assertThat(
            app("allowed_origins: [https://a.com/, a.com:80, 'https://a.com:443', a.com]")
                .problems())
        .containsExactly(
            "fanfare.yaml:2:50: apps[0].allowed_origins has \"https://a.com/\"" + must,
            "fanfare.yaml:2:66: apps[0].allowed_origins has \"a.com:80\"" + must,
            "fanfare.yaml:2:76: apps[0].allowed_origins has \"https://a.com:443\"" + must);
  }

  @Test
  void originsWithoutAHostAreAccepted() {
    assertThat(
            app("allowed_origins: ['null', file://, my_app, 1node, 'http://my_app:3000']")
                .problems())
        .isEmpty();
  }

  @Test
  void theProxyProtocolNeedsTrustedProxies() {
    Given given = new Given(directory).yaml("server: {proxy_protocol: optional}");
    assertThat(given.problems())
        .containsExactly(
            "fanfare.yaml:1:26: server.proxy_protocol is optional, but no proxy is trusted, since"
                + " server.trusted_proxies is empty");
    assertThat(given.variable("FANFARE_TRUSTED_PROXIES", "10.0.0.0/8, fd00::1").problems())
        .isEmpty();
    assertThat(given.config().server().trustedProxies())
        .extracting(Object::toString)
        .containsExactly("10.0.0.0/8", "fd00::1/128");
  }

  @Test
  void aProxyIsAnAddressOrARange() {
    assertThat(new Given(directory).yaml("server: {trusted_proxies: [10.0.0.0/33, lb]}").problems())
        .containsExactly(
            "fanfare.yaml:1:28: server.trusted_proxies has \"10.0.0.0/33\", but each must be one of"
                + " IP addresses and ranges such as 10.0.0.0/8 or fd00::/8",
            "fanfare.yaml:1:41: server.trusted_proxies has \"lb\", but each must be one of IP"
                + " addresses and ranges such as 10.0.0.0/8 or fd00::/8");
  }

  @Test
  void thePreviousSecretDiffersFromTheSecret() {
    assertThat(app("previous_secret: x").problems())
        .containsExactly(
            "fanfare.yaml:2:49: apps[0].previous_secret is the same as apps[0].secret, but must be"
                + " different");
    assertThat(app("previous_secret: y").problems()).isEmpty();
  }

  @Test
  void theMetricsPortIsNotAnotherPort() {
    assertThat(new Given(directory).yaml("server: {port: 9601}").problems())
        .containsExactly(
            "fanfare.yaml:1:16: server.port is 9601, but so is server.metrics_port (the default)");
    assertThat(new Given(directory).variable("FANFARE_METRICS_PORT", "6001").problems())
        .containsExactly(
            "environment: FANFARE_METRICS_PORT is 6001, but so is server.port (the default)");
    assertThat(new Given(directory).yaml("server: {port: 9601, metrics: false}").problems())
        .isEmpty();
    assertThat(new Given(directory).yaml("server: {port: 0, metrics_port: 0}").problems())
        .isEmpty();
    String apart = "server: {port: 7, metrics_port: 7, host: %s, metrics_host: 127.0.0.1}";
    assertThat(new Given(directory).yaml(apart.formatted("127.0.0.2")).problems()).isEmpty();
    assertThat(new Given(directory).yaml(apart.formatted("\"::\"")).problems()).hasSize(1);
  }

  @Test
  void theConsolePortIsNotAnotherPort() {
    assertThat(new Given(directory).yaml("server: {console: true, port: 9602}").problems())
        .containsExactly(
            "fanfare.yaml:1:31: server.port is 9602, but so is server.console_port (the default)");
    assertThat(new Given(directory).yaml("server: {console: true, console_port: 9601}").problems())
        .containsExactly(
            "fanfare.yaml:1:39: server.console_port is 9601, but so is server.metrics_port (the"
                + " default)");
    assertThat(new Given(directory).yaml("server: {port: 9602}").problems()).isEmpty();
  }
}
