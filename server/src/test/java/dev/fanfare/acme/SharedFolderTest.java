package dev.fanfare.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.observe.CertificateOrders;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.PebbleProcess;
import dev.fanfare.testing.Programs;
import dev.fanfare.tls.Loaded;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that share a folder, as on a network file system.
final class SharedFolderTest {

  @TempDir private Path directory;

  private static Renewal renewal(AcmeOptions options, AcmeFolder folder) {
    return new Renewal(
        options,
        folder,
        new AcmeAuthority(options),
        new FolderAnswers(folder),
        Instant::now,
        () -> 0);
  }

  /// Pebble reaches the node that does not order. It also asks for an account elsewhere.
  @Test
  void anyNodeAnswersForTheOneThatOrders() throws Exception {
    int httpPort = FreePort.number();
    try (PebbleProcess pebble = PebbleProcess.startForMembers(directory, httpPort)) {
      AcmeOptions options =
          AcmeOptions.OFF
              .withDomains(List.of("localhost"))
              .withTermsAgreed(true)
              .withDirectory(pebble.directory())
              .withCa(pebble.ca())
              .withFolder(directory.resolve("acme").toString());
      AcmeFolder one = new AcmeFolder(options.home());
      AcmeFolder another = new AcmeFolder(options.home());
      try (ChallengePort _ = ChallengePort.open("127.0.0.1", httpPort, another, NanoClock.SYSTEM)) {
        Renewal stranger = renewal(options, one);
        stranger.look();
        assertThat(stranger.orders()).isEqualTo(new CertificateOrders(0, 1));
        assertThat(stranger.waiting()).contains("externalAccountBinding");
        Renewal orders =
            renewal(
                options
                    .withKeyId(PebbleProcess.KEY_ID)
                    .withMacKey(new Secret(PebbleProcess.MAC_KEY)),
                one);
        orders.retry();
        orders.look();
        assertThat(orders.orders()).as(orders.waiting()).isEqualTo(new CertificateOrders(1, 0));
        assertThat(another.certificate(Instant.now())).isInstanceOf(Loaded.Good.class);
      }
    }
  }

  @Test
  void theLockOfAnotherProcessEndsWithIt() throws Exception {
    AcmeFolder folder = new AcmeFolder(directory.resolve("acme"));
    Path source =
        Files.writeString(
            directory.resolve("Holder.java"),
            """
            import java.nio.channels.FileChannel;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;

            class Holder {
              public static void main(String[] args) throws Exception {
                FileChannel.open(
                        Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .lock();
                System.out.println("locked");
                Thread.sleep(Long.MAX_VALUE);
              }
            }
            """);
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                source.toString(),
                directory.resolve("acme/lock").toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = holder.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("locked");
      assertThat(isFree(folder)).isFalse();
    } finally {
      holder.destroyForcibly();
      int _ = Programs.waitFor(holder);
    }
    assertThat(isFree(folder)).isTrue();
  }

  private static boolean isFree(AcmeFolder folder) throws IOException {
    try (AcmeFolder.Turn turn = folder.turn("a test", Instant.now())) {
      return turn != null;
    }
  }
}
