package dev.fanfare.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.Secret;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.tls.KeyFiles;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.TlsOptions.Engine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What the two engines have in common, and which one is chosen.
final class TlsEnginesTest {

  private static final int SWAPS = 200;
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private static Path folder;
  private static Authority authority;

  private final ManualClock clock = new ManualClock();

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(folder).issue("ec").issueRsa("rsa");
    authority.issueOf("p384", "ec -pkeyopt ec_paramgen_curve:P-384");
    authority.issueOf("p521", "ec -pkeyopt ec_paramgen_curve:P-521");
    authority.issueOf("ed25519", "ed25519").issueOf("ed448", "ed448");
    authority.openssl("rsa", "-traditional", "-in", "rsa.key", "-out", "rsa1.key");
    authority.openssl("ec", "-in", "ec.key", "-out", "sec1.key");
    authority.openssl(
        "pkcs8", "-topk8", "-in", "rsa.key", "-out", "locked.key", "-passout", "pass:hush");
    authority.openssl(
        "pkcs12",
        "-export",
        "-in",
        "ec-chain.pem",
        "-inkey",
        "ec.key",
        "-out",
        "ec.p12",
        "-passout",
        "pass:hush");
  }

  private static KeyFiles files(String certificate, String key) {
    String path = key.isEmpty() ? "" : authority.path(key).toString();
    return new KeyFiles(authority.path(certificate).toString(), path, new Secret("hush"));
  }

  private InMemory server(Engine engine) {
    return new InMemory(TlsOptions.OFF.withEngine(engine), clock);
  }

  private static SSLContext client() throws IOException {
    return authority.trust();
  }

  @ParameterizedTest
  @CsvSource({
    "rsa-chain.pem, rsa.key", // PKCS#8
    "rsa-chain.pem, rsa1.key", // PKCS#1
    "rsa-chain.pem, locked.key", // encrypted
    "ec-chain.pem, ec.key",
    "ec-chain.pem, sec1.key",
    "ec.p12, ''",
    "p384-chain.pem, p384.key",
    "p521-chain.pem, p521.key",
    "ed25519-chain.pem, ed25519.key",
  })
  void keysOfAllKindsWorkOnBoth(String certificate, String key) throws IOException {
    for (Engine engine : List.of(Engine.OPENSSL, Engine.JDK)) {
      InMemory server = server(engine);
      server.use(files(certificate, key));
      for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
        SSLSession session = server.connect(client(), protocol);
        assertThat(session.getProtocol()).isEqualTo(protocol);
        assertThat(session.getPeerCertificates()).hasSize(2);
        X509Certificate own = (X509Certificate) session.getPeerCertificates()[0];
        assertThat(own.getSubjectX500Principal().getName())
            .isEqualTo("CN=" + certificate.split("[-.]", 2)[0]);
      }
      server.tls().close();
    }
  }

  @Test
  void anotherKeyIsForTheJdk() throws IOException {
    InMemory server = server(Engine.AUTO);
    server.use(files("ed448-chain.pem", "ed448.key"));
    assertThat(server.tls().choice())
        .hasToString("JDK (not BoringSSL: it has no signatures with Ed448)");
    assertThat(server.connect(client(), "TLSv1.3").getPeerCertificates()).hasSize(2);
    server.use(files("ec-chain.pem", "ec.key"));
    assertThat(server.tls().choice()).hasToString("BoringSSL");
    server.tls().close();
    assertThatThrownBy(() -> server(Engine.OPENSSL).use(files("ed448-chain.pem", "ed448.key")))
        .hasMessage(
            "tls_engine is openssl, and BoringSSL cannot be used: it has no signatures with Ed448;"
                + " `tls_engine: auto` uses the JDK's engine instead");
  }

  @Test
  void theEngineIsTheConfiguredOne() throws IOException {
    InMemory server = server(Engine.JDK);
    server.use(files("ec-chain.pem", "ec.key"));
    assertThat(server.tls().choice()).hasToString("JDK");
    assertThat(server.context().isNative()).isFalse();
  }

  /// The memory of BoringSSL is not the heap's: nothing else would free it.
  @Test
  void aReplacedCertificateIsFreedWithItsLastConnection() throws IOException {
    InMemory server = server(Engine.OPENSSL);
    List<ServerContext> former = new ArrayList<>();
    List<SSLEngine> open = new ArrayList<>();
    for (int i = 0; i < SWAPS; i++) {
      server.use(i % 2 == 0 ? files("ec-chain.pem", "ec.key") : files("rsa-chain.pem", "rsa.key"));
      former.add(server.context());
      server.connect(client(), "TLSv1.3");
      if (i % 10 == 0) {
        open.add(server.engine());
      }
    }
    ServerContext last = former.removeLast();
    assertThat(former.stream().filter(context -> context.uses() > 0)).hasSize(open.size());
    assertThat(former.getFirst().uses()).isEqualTo(1);
    open.forEach(ReferenceCountUtil::release);
    assertThat(former).allMatch(context -> context.uses() == 0);
    assertThat(last.uses()).isEqualTo(1);
    server.tls().close();
    assertThat(last.uses()).isZero();
    assertThat(last.newEngine(ByteBufAllocator.DEFAULT)).isNull();
  }

  /// A resumed session is as old as the first.
  private static boolean isResumed(InMemory server, SSLContext client, String protocol)
      throws IOException {
    long before = System.currentTimeMillis();
    while (System.currentTimeMillis() == before) {
      Thread.onSpinWait(); // so that no fresh session is as old as another
    }
    return server.connect(client, protocol).getCreationTime() <= before;
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
  void sessionsAreResumedUntilTheCertificateIsReplaced(Engine engine, String protocol)
      throws IOException {
    InMemory server = server(engine);
    server.use(files("ec-chain.pem", "ec.key"));
    SSLContext client = client();
    assertThat(isResumed(server, client, protocol)).isFalse();
    assertThat(isResumed(server, client, protocol)).isTrue();
    assertThat(isResumed(server, client(), protocol)).isFalse();
    server.use(files("rsa-chain.pem", "rsa.key"));
    assertThat(isResumed(server, client, protocol)).isFalse();
    assertThat(isResumed(server, client, protocol)).isTrue();
    server.tls().close();
  }

  @ParameterizedTest
  @EnumSource(TlsOptions.Protocol.class)
  void aTicketIsValidForOnePeriodAfterThatOfItsKey(TlsOptions.Protocol protocol)
      throws IOException {
    String version = protocol.toString();
    InMemory server = server(Engine.OPENSSL);
    server.use(files("ec-chain.pem", "ec.key"));
    SSLContext early = client();
    SSLContext late = client();
    assertThat(isResumed(server, early, version)).isFalse();
    assertThat(isResumed(server, late, version)).isFalse();
    clock.advance(HOUR);
    server.tls().sweep();
    assertThat(isResumed(server, early, version)).isTrue();
    SSLContext next = client(); // with a ticket of the second key
    assertThat(isResumed(server, next, version)).isFalse();
    clock.advance(HOUR);
    server.tls().sweep();
    assertThat(isResumed(server, late, version)).isFalse();
    assertThat(isResumed(server, next, version)).isTrue();
    clock.advance(HOUR.multipliedBy(2));
    server.tls().sweep();
    assertThat(isResumed(server, next, version)).isFalse();
    server.tls().close();
  }
}
