package dev.fanfare.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fanfare.observe.Component;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificate files replaced under a running server, in every way that people and tools use.
final class CertificateWatchTest {

  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Logger LOG = (Logger) Component.TLS.logger();

  @TempDir private static Path issued;
  private static Authority authority;

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();
  private final List<String> used = new ArrayList<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Instant now = Instant.now();

  @BeforeAll
  static void issue() throws IOException {
    authority = Authority.in(issued);
    authority.issue("one", "DNS:one").issue("two", "DNS:two").issue("expired", "-9d", "-2d");
  }

  @BeforeEach
  void listen() {
    log.start();
    LOG.setLevel(Level.INFO);
    LOG.setAdditive(false);
    LOG.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    LOG.detachAppender(log);
    LOG.setLevel(null);
    LOG.setAdditive(true);
  }

  private Path certificate() {
    return folder.resolve("fullchain.pem");
  }

  private Path key() {
    return folder.resolve("privkey.pem");
  }

  private void putCertificate(String name) throws IOException {
    Files.writeString(certificate(), authority.read(name + "-chain.pem"));
  }

  private void putKey(String name) throws IOException {
    Files.writeString(key(), authority.read(name + ".key"));
  }

  private void put(String name) throws IOException {
    putKey(name);
    putCertificate(name);
  }

  private CertificateWatch start() throws IOException {
    KeyFiles files = new KeyFiles(certificate().toString(), key().toString(), null);
    return CertificateWatch.start(files, clock, () -> now, pair -> used.add(pair.subject()));
  }

  private void check(CertificateWatch watch) {
    clock.advance(LOOK);
    watch.sweep();
  }

  /// What was logged since the last call, with file names that do not depend on the test.
  private List<String> logged() {
    List<String> lines =
        log.list.stream()
            .map(e -> e.getLevel() + " " + e.getFormattedMessage().replace(folder + "/", ""))
            .toList();
    log.list.clear();
    return lines;
  }

  @Test
  void aNewPairIsUsedAtTheNextCheckAndLoggedOnce() throws IOException {
    put("one");
    CertificateWatch watch = start();
    assertThat(used).containsExactly("one");
    check(watch);
    assertThat(logged()).isEmpty();
    put("two");
    watch.sweep();
    assertThat(used).containsExactly("one"); // five seconds are not over
    check(watch);
    check(watch);
    assertThat(used).containsExactly("one", "two");
    assertThat(logged())
        .containsExactly(
            "INFO new connections get the certificate of two, valid until " + watch.expiry());
  }

  @Test
  void writingTheKeyFirstIsNoError() throws IOException {
    put("one");
    CertificateWatch watch = start();
    putKey("two");
    check(watch);
    assertThat(used).containsExactly("one");
    putCertificate("two");
    check(watch);
    assertThat(used).containsExactly("one", "two");
    assertThat(logged()).singleElement().asString().startsWith("INFO new connections get");
  }

  @Test
  void anInvalidPairIsRejectedAndLoggedOnce() throws IOException {
    put("one");
    CertificateWatch watch = start();
    putKey("two");
    for (int i = 0; i < 5; i++) {
      check(watch);
    }
    assertThat(logged())
        .containsExactly(
            "WARN certificate not replaced, keeping the current one: tls_key is"
                + " \"privkey.pem\", which does not match the certificate in"
                + " \"fullchain.pem\"");
    put("expired");
    check(watch);
    check(watch);
    assertThat(logged()).singleElement().asString().contains("which expired on");
    Files.delete(certificate());
    check(watch);
    check(watch);
    assertThat(logged()).singleElement().asString().contains("which does not exist");
    assertThat(used).containsExactly("one");
    put("one");
    check(watch);
    check(watch);
    assertThat(logged()).isEmpty();
    put("two");
    check(watch);
    assertThat(used).containsExactly("one", "two");
  }

  @Test
  void linksAreFollowedAsCertbotAndKubernetesMoveThem() throws IOException {
    for (String name : List.of("one", "two")) {
      Path version = Files.createDirectories(folder.resolve("..." + name));
      Files.writeString(version.resolve("fullchain.pem"), authority.read(name + ".pem"));
      Files.writeString(version.resolve("privkey.pem"), authority.read(name + ".key"));
    }
    Path data = folder.resolve("..data");
    Files.createSymbolicLink(data, Path.of("...one"));
    Files.createSymbolicLink(certificate(), Path.of("..data", "fullchain.pem"));
    Files.createSymbolicLink(key(), Path.of("..data", "privkey.pem"));
    CertificateWatch watch = start();
    Path next = Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("...two"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    check(watch);
    assertThat(used).containsExactly("one", "two");
  }

  @Test
  void contentCountsAndNotTheFileDate() throws IOException {
    put("one");
    CertificateWatch watch = start();
    var time = Files.getLastModifiedTime(key());
    put("two");
    Files.setLastModifiedTime(key(), time);
    Files.setLastModifiedTime(certificate(), time);
    check(watch);
    assertThat(used).containsExactly("one", "two");
  }

  @Test
  void reloadReportsImmediately() throws IOException {
    put("one");
    CertificateWatch watch = start();
    assertThat(watch.reload()).isEqualTo("the certificate files have not changed");
    putKey("two");
    assertThat(watch.reload())
        .startsWith("certificate not replaced, keeping the current one: tls_key is ")
        .contains("which does not match the certificate in ");
    putCertificate("two");
    assertThat(watch.reload())
        .isEqualTo("new connections get the certificate of two, valid until " + watch.expiry());
    assertThat(used).containsExactly("one", "two");
    assertThat(logged()).hasSize(3);
  }

  @Test
  void aPairThatTlsCannotUseIsRejected() throws IOException {
    put("one");
    KeyFiles files = new KeyFiles(certificate().toString(), key().toString(), null);
    CertificateWatch watch =
        CertificateWatch.start(
            files,
            clock,
            () -> now,
            pair -> {
              if (pair.subject().equals("two")) {
                throw new IOException("TLS does not like it");
              }
            });
    put("two");
    assertThat(watch.reload()).endsWith("fullchain.pem\", but TLS does not like it");
    assertThat(watch.current()).extracting(Credentials::subject).isEqualTo("one");
  }

  @Test
  void expiryAndProblemsAreLoggedEveryHour() throws IOException {
    put("one");
    CertificateWatch watch = start();
    now = now.plus(Duration.ofDays(49));
    check(watch);
    assertThat(logged()).isEmpty();
    clock.advance(Duration.ofHours(1));
    watch.sweep();
    check(watch);
    assertThat(logged())
        .singleElement()
        .asString()
        .matches("WARN the certificate in fullchain\\.pem expires on \\S+Z, in (9|10) days");
    putKey("two");
    check(watch);
    check(watch);
    assertThat(logged()).hasSize(1);
    clock.advance(Duration.ofHours(1));
    watch.sweep();
    check(watch);
    assertThat(logged()).hasSize(2);
  }

  @Test
  void anInvalidPairStopsTheStart() throws IOException {
    put("expired");
    assertThatThrownBy(this::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("fullchain.pem\", which expired on ");
    assertThat(used).isEmpty();
  }

  @Test
  void withoutACertificateNothingIsChecked() throws IOException {
    CertificateWatch watch =
        CertificateWatch.start(
            new KeyFiles("", "", null), clock, () -> now, pair -> used.add(pair.subject()));
    check(watch);
    assertThat(watch.reload())
        .isEqualTo("there is no certificate to reload: tls_certificate is not set");
    assertThat(watch.expiry()).isNull();
    assertThat(used).isEmpty();
  }
}
