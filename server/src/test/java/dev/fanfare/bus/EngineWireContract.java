package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.Relay;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every wire to an engine in another process must do.
public abstract class EngineWireContract extends WireContract {

  @TempDir protected Path folder;

  private EngineProcess engine;
  private Relay relay;

  /// Starts an engine without a password.
  protected abstract EngineProcess start() throws Exception;

  /// Starts an engine that asks for this password.
  protected abstract EngineProcess startWithPassword(String password) throws Exception;

  /// Starts an engine that accepts TLS only, with a certificate that was issued under this name.
  protected abstract EngineProcess startWithTls(Authority authority, String name) throws Exception;

  /// The scheme of its URLs, in plain text or over TLS.
  protected abstract String scheme(boolean isSecure);

  protected abstract Wire wire(EngineOptions options);

  @BeforeEach
  void startBoth() throws Exception {
    engine = start();
    relay = new Relay(engine.port());
  }

  @AfterEach
  void stopBoth() {
    relay.close();
    engine.close();
  }

  @Override
  protected final Wire wire(String cluster) {
    return wire(options(engine.port()).withCluster(cluster));
  }

  protected final EngineOptions options(int port) {
    return options(scheme(false) + "://127.0.0.1:" + port);
  }

  protected final EngineOptions options(String... urls) {
    List<EngineUrl> parsed = Stream.of(urls).map(EngineWireContract::url).toList();
    return EngineOptions.NONE
        .withKind(parsed.getFirst().scheme().kind())
        .withCluster("house")
        .withUrls(parsed);
  }

  private static EngineUrl url(String text) {
    return switch (EngineUrl.parse(text)) {
      case Parsed.Ok(EngineUrl url) -> url;
      case Parsed.Bad(String reason) -> throw new AssertionError(text + " " + reason);
    };
  }

  private WirePeer direct() {
    return WirePeer.connected(wire("house"));
  }

  private WirePeer relayed() {
    return WirePeer.connected(wire(options(relay.port())));
  }

  @Test
  void anEngineThatIsRestartedEmptyServesAsBefore() throws Exception {
    try (WirePeer a = direct();
        WirePeer b = direct()) {
      engine.kill();
      a.awaitReason();
      b.awaitReason();
      engine.restart();
      a.awaitConnections(2);
      b.awaitConnections(2);
      a.reach(b, "again");
      b.reach(a, "again");
    }
  }

  @Test
  void aWireWaitsForAnEngineThatIsNotThereYet() throws Exception {
    engine.kill();
    try (WirePeer a = new WirePeer(wire("house"))) {
      a.awaitReason();
      assertThat(a.connections()).isZero();
      assertThat(a.reasons().getFirst()).containsIgnoringCase("refused");
      engine.restart();
      a.awaitConnections(1);
    }
  }

  @Test
  void aConnectionThatIsResetIsMadeAgain() throws Exception {
    try (WirePeer a = direct();
        WirePeer b = relayed()) {
      relay.reset();
      b.awaitReason();
      b.awaitConnections(2);
      a.reach(b, "again");
      assertThat(a.reasons()).isEmpty();
    }
  }

  /// The wire need not notice; the cluster does, and asks for a new connection.
  @Test
  void aConnectionThatFallsSilentIsReplacedOnRequest() throws Exception {
    try (WirePeer a = direct();
        WirePeer b = relayed()) {
      relay.silence();
      b.send(a.life(), "lost");
      relay.restore();
      b.wire().reconnect("deaf");
      b.awaitConnections(2);
      a.reach(b, "again");
      b.reach(a, "again");
    }
  }

  @Test
  void anEngineThatStandsStillIsLeftOnRequest() throws Exception {
    try (WirePeer a = direct()) {
      engine.pause();
      a.send(Wire.ALL, "perhaps late");
      a.wire().reconnect("deaf");
      a.awaitReason();
      engine.resume();
      a.awaitConnections(2);
      a.reach(a, "again");
    }
  }

  @Test
  void ofSeveralUrlsTheNextOneIsUsed() throws Exception {
    String alive = scheme(false) + "://127.0.0.1:" + engine.port();
    try (ClosedPort closed = new ClosedPort();
        WirePeer a = direct()) {
      String dead = scheme(false) + "://127.0.0.1:" + closed.number();
      WirePeer b = WirePeer.connected(wire(options(dead, alive)));
      assertThat(b.wire().address()).isEqualTo(dead + ", " + alive);
      a.reach(b, "found");
      b.close();
    }
  }

  @Test
  void aPasswordIsNeededAndNeverShown() throws Exception {
    try (EngineProcess strict = startWithPassword("right-password")) {
      EngineOptions options = options(strict.port());
      String url = scheme(false) + "://someone:wrong-password@127.0.0.1:" + strict.port();
      try (WirePeer without = new WirePeer(wire(options));
          WirePeer wrong = new WirePeer(wire(options(url)))) {
        without.awaitReason();
        wrong.awaitReason();
        assertThat(without.connections() + wrong.connections()).isZero();
        assertThat(wrong.reasons() + wrong.wire().address()).doesNotContain("wrong-password");
      }
    }
  }

  @Test
  void tlsIsUsedWithTheAuthorityThatIsNamed() throws Exception {
    Authority authority = Authority.in(folder).issue("engine");
    try (EngineProcess secure = startWithTls(authority, "engine")) {
      String url = scheme(true) + "://localhost:" + secure.port();
      EngineOptions options =
          options(url)
              .withCa(authority.path("root.pem").toString())
              .withCertificate(authority.path("engine-chain.pem").toString())
              .withKey(authority.path("engine.key").toString());
      try (WirePeer a = WirePeer.connected(wire(options));
          WirePeer stranger = new WirePeer(wire(options.withCa("")))) {
        a.reach(a, "sealed");
        stranger.awaitReason();
        assertThat(stranger.connections()).isZero();
      }
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    Authority authority = Authority.in(folder).issue("engine", "DNS:another.example");
    try (EngineProcess secure = startWithTls(authority, "engine")) {
      EngineOptions options =
          options(scheme(true) + "://localhost:" + secure.port())
              .withCa(authority.path("root.pem").toString())
              .withCertificate(authority.path("engine-chain.pem").toString())
              .withKey(authority.path("engine.key").toString());
      try (WirePeer a = new WirePeer(wire(options))) {
        a.awaitReason();
        assertThat(a.connections()).isZero();
        assertThat(a.reasons().getFirst()).contains("localhost");
      }
    }
  }
}
