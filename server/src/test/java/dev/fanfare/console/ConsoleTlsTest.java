package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.console.login.Role;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS of the console's port: with the certificate and the versions of the server's.
final class ConsoleTlsTest {

  private final Authority authority;

  ConsoleTlsTest(@TempDir Path folder) throws IOException {
    authority = Authority.in(folder).issue("ec");
  }

  private static TestNode start(TlsOptions tls) {
    return TestNode.start(
        TestNode.PARTS
            .withServer(TestNode.options(0).withTls(tls))
            .withConsole(ConsoleNode.ON.withUsers(List.of(ConsoleNode.user("ann", Role.VIEWER)))),
        FanfareServer.Clocks.SYSTEM,
        ServerListener.NONE,
        ConsoleNode.APP);
  }

  private BigInteger serial(int port) throws IOException {
    try (SSLSocket socket = authority.connect(port)) {
      X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSerialNumber();
    }
  }

  @Test
  void aRenewedCertificateIsUsedFromTheNextConnectionOn() throws IOException {
    try (TestNode node = start(authority.options("ec"))) {
      int port = node.server().consolePort();
      BigInteger former = serial(port);
      authority.issue("ec");
      assertThat(serial(port)).as("not read yet").isEqualTo(former);
      assertThat(node.server().reloadCertificates()).startsWith("new connections get");
      BigInteger renewed = serial(port);
      assertThat(renewed).isNotEqualTo(former);
      assertThat(serial(port)).isEqualTo(renewed);
    }
  }

  @Test
  void itsVersionsAreThoseOfTheServer() throws IOException {
    TlsOptions newest = authority.options("ec").withProtocols(List.of(TlsOptions.Protocol.TLS_1_3));
    try (TestNode node = start(newest)) {
      int port = node.server().consolePort();
      assertThatThrownBy(() -> authority.connect(port, "TLSv1.2")).isInstanceOf(SSLException.class);
      authority.connect(port, "TLSv1.3").close();
    }
    try (TestNode node = start(authority.options("ec"))) {
      authority.connect(node.server().consolePort(), "TLSv1.2").close();
    }
  }
}
