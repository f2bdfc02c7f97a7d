package dev.fanfare.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.acme.CertificateAuthority.Failed;
import dev.fanfare.acme.CertificateAuthority.Issued;
import dev.fanfare.observe.CertificateOrders;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.KeyFiles;
import dev.fanfare.tls.Loaded;
import dev.fanfare.tls.SigningRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When certificates are ordered, and what is remembered of it, with an authority and a calendar in
/// the test's hands.
final class RenewalTest {

  private static final Failed REFUSED = new Failed("rate limit of the day", true, Duration.ZERO);
  private static final Failed AWAY = new Failed("connection refused", false, Duration.ZERO);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private Path directory;

  private final Deque<CertificateAuthority.Outcome> outcomes = new ArrayDeque<>();
  private final List<Instant> orders = new ArrayList<>();
  private final List<KeyPair> accounts = new ArrayList<>();
  private AcmeOptions options = AcmeOptions.OFF;
  private AcmeFolder folder;
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  @BeforeEach
  void create() throws IOException {
    options =
        AcmeOptions.OFF
            .withDomains(List.of("localhost"))
            .withDirectory("https://ca.example/dir")
            .withFolder(directory.resolve("acme").toString());
    folder = new AcmeFolder(options.home());
  }

  /// Whether it succeeds is what the test has said before; a certificate is for the key that it was
  /// asked for.
  private CertificateAuthority.Outcome order(KeyPair account, List<String> domains, KeyPair keys) {
    orders.add(now);
    accounts.add(account);
    CertificateAuthority.Outcome said = outcomes.poll();
    if (said != null) {
      return said;
    }
    return new Issued(List.of(certificate(keys, domains, now, now.plus(Duration.ofDays(90)))));
  }

  private static X509Certificate certificate(
      KeyPair keys, List<String> domains, Instant from, Instant to) {
    return TestCertificate.of(keys, domains, from, to);
  }

  private Renewal renewal() {
    return renewal(options);
  }

  private Renewal renewal(AcmeOptions its) {
    return new Renewal(
        its,
        folder,
        (account, domains, keys, _) -> order(account, domains, keys),
        new FolderAnswers(folder),
        () -> now,
        () -> 0);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aCertificateIsOrderedOnceAndKeptForTheNextProcess() throws Exception {
    Renewal renewal = renewal();
    renewal.look();
    renewal.look();
    renewal().look();
    assertThat(orders).hasSize(1);
    assertThat(renewal.orders()).isEqualTo(new CertificateOrders(1, 0));
    Loaded kept = new KeyFiles(options.certificate(), "", null).load(now);
    assertThat(kept).isInstanceOf(Loaded.Good.class);
  }

  @Test
  void filesAreForTheServersUserOnlyAndNoneIsLeftOver() throws Exception {
    renewal().look();
    try (var files = Files.list(options.home())) {
      List<Path> all = files.toList();
      assertThat(all)
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder(
              "account.pem", "orders", "certificate.pem", "challenges", "lock");
      for (Path file : all) {
        String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertThat(rights).as(file.toString()).endsWith("------");
      }
    }
  }

  @Test
  void itIsRenewedInTheLastThirdWithTheSameAccount() throws Exception {
    Renewal renewal = renewal();
    renewal.look();
    pass(Duration.ofDays(60).minus(SECOND));
    renewal.look();
    assertThat(orders).hasSize(1);
    pass(SECOND);
    renewal.look();
    assertThat(orders).hasSize(2);
    assertThat(accounts.getLast().getPublic()).isEqualTo(accounts.getFirst().getPublic());
  }

  @Test
  void itIsRenewedAsManyDaysBeforeExpiryAsConfigured() throws Exception {
    renewal().look();
    pass(Duration.ofDays(79));
    Renewal renewal = renewal(options.withRenewDays(10));
    renewal.look();
    assertThat(orders).hasSize(1);
    pass(Duration.ofDays(1));
    renewal.look();
    assertThat(orders).hasSize(2);
    Renewal eager = renewal(options.withRenewDays(365));
    eager.look();
    pass(Duration.ofDays(59));
    eager.look();
    assertThat(orders).as("more days than it is valid").hasSize(2);
  }

  @Test
  void refusalsArePausedForAQuarterOfAnHourUpToHalfADay() throws Exception {
    Renewal renewal = renewal();
    for (int i = 0; i < 9; i++) {
      outcomes.add(REFUSED);
    }
    Instant began = now;
    for (long second = 0; second < Duration.ofDays(2).toSeconds(); second += 60) {
      now = began.plusSeconds(second);
      renewal.look();
    }
    List<Long> minutes = new ArrayList<>();
    for (int i = 1; i < orders.size(); i++) {
      minutes.add(Duration.between(orders.get(i - 1), orders.get(i)).toMinutes());
    }
    assertThat(minutes).containsExactly(15L, 30L, 60L, 120L, 240L, 480L, 720L, 720L);
    assertThat(renewal.orders()).isEqualTo(new CertificateOrders(0, 9));
    assertThat(renewal.waiting()).contains("rate limit of the day").contains("the next try is at");
  }

  @Test
  void anAuthorityThatIsAwayIsTriedMoreOften() throws Exception {
    Renewal renewal = renewal();
    outcomes.add(AWAY);
    outcomes.add(AWAY);
    renewal.look();
    pass(Duration.ofSeconds(59));
    renewal.look();
    assertThat(orders).hasSize(1);
    pass(SECOND);
    renewal.look();
    pass(Duration.ofMinutes(2));
    renewal.look();
    assertThat(orders).hasSize(3);
    assertThat(renewal.orders()).isEqualTo(new CertificateOrders(1, 2));
  }

  @Test
  void aPauseThatTheAuthorityAsksForIsKept() throws Exception {
    Renewal renewal = renewal();
    outcomes.add(new Failed("too many", true, Duration.ofHours(30)));
    renewal.look();
    pass(Duration.ofHours(30).minus(SECOND));
    renewal.look();
    assertThat(orders).hasSize(1);
    pass(SECOND);
    renewal.look();
    assertThat(orders).hasSize(2);
  }

  @Test
  void aRestartDoesNotShortenThePauseButTheOperatorDoes() throws Exception {
    outcomes.add(REFUSED);
    renewal().look();
    Renewal next = renewal();
    next.look();
    assertThat(orders).hasSize(1);
    next.retry();
    next.look();
    assertThat(orders).hasSize(2);
  }

  @Test
  void aDomainThatWasAddedIsOrderedAtOnce() throws Exception {
    renewal().look();
    renewal(options.withDomains(List.of("localhost", "example.com"))).look();
    assertThat(orders).hasSize(2);
  }

  @Test
  void aCertificateOfOtherDomainsIsAFailure() throws Exception {
    outcomes.add(
        new Issued(
            List.of(
                certificate(
                    SigningRequest.newKey(), List.of("other.example"), now, now.plus(SECOND)))));
    Renewal renewal = renewal();
    renewal.look();
    renewal.look();
    assertThat(orders).hasSize(1);
    assertThat(renewal.waiting()).contains("it issued a certificate for other.example instead");
    assertThat(Path.of(options.certificate())).doesNotExist();
  }

  @Test
  void onlyOneProcessOrdersAndTheOthersUseItsCertificate() throws Exception {
    Renewal other = renewal();
    try (AcmeFolder.Turn turn = folder.turn("another node", now)) {
      assertThat(turn).isNotNull();
      other.look();
      assertThat(orders).isEmpty();
      assertThat(other.waiting()).contains("another process that shares acme_dir");
    }
    renewal().look();
    other.look();
    assertThat(orders).hasSize(1);
    assertThat(other.orders()).isEqualTo(new CertificateOrders(0, 0));
  }

  @Test
  void answersAreFilesThatNameNothingElse() throws Exception {
    FolderAnswers answers = new FolderAnswers(folder);
    assertThat(answers.give("localhost", "tok-en_1", "tok-en_1.print")).isEqualTo(Parsed.PASSED);
    assertThat(folder.answer("tok-en_1")).isEqualTo("tok-en_1.print");
    assertThat(folder.answer("../account.pem")).isEmpty();
    assertThat(answers.give("localhost", "../certificate.pem", "x")).isInstanceOf(Parsed.Bad.class);
    answers.withdraw("tok-en_1");
    assertThat(folder.answer("tok-en_1")).isEmpty();
  }

  @Test
  void damagedMemoryIsNoMemory() {
    assertThat(PastOrders.parse("failures: many")).isEqualTo(PastOrders.NONE);
    PastOrders some = PastOrders.succeeded(now).failed(REFUSED, now, 1);
    assertThat(PastOrders.parse(some.text())).isEqualTo(some);
    assertThat(some.nextAt()).isEqualTo(now.plus(Duration.ofSeconds(15 * 66)));
  }

  /// So that accounts and certificates of a staging authority are not used for real.
  @Test
  void eachDirectoryHasItsFolder() {
    assertThat(List.of("letsencrypt", "letsencrypt-staging", "https://ca.example:9000/acme/dir"))
        .extracting(url -> options.withDirectory(url).home().getFileName().toString())
        .containsExactly(
            "acme-v02.api.letsencrypt.org-directory",
            "acme-staging-v02.api.letsencrypt.org-directory",
            "ca.example-9000-acme-dir");
  }
}
