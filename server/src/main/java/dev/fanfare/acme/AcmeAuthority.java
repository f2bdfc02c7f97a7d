package dev.fanfare.acme;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.EngineKeys;
import dev.fanfare.tls.SigningRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/// An authority that is reached with acme4j. Nothing else uses that library, so a server that
/// orders no certificates never loads it.
final class AcmeAuthority implements CertificateAuthority {

  private static final Duration REQUEST = Duration.ofSeconds(20);

  /// How long the authority may take for one domain, and for the certificate.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration MIN_POLL = Duration.ofSeconds(1);
  private static final Duration MAX_POLL = Duration.ofSeconds(30);

  private final AcmeOptions options;

  /// acme4j reads the clock of the machine, and so do we where we continue with its times.
  private final InstantSource machine = InstantSource.system();

  AcmeAuthority(AcmeOptions options) {
    this.options = options;
  }

  /// The authority has said no, in these words.
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  /// Chooses what is trusted for the directory.
  private static final class Trusting extends GenericAcmeProvider {

    private final SSLContext context;

    Trusting(SSLContext context) {
      this.context = context;
    }

    @Override
    protected HttpConnector createHttpConnector(NetworkSettings settings) {
      return new HttpConnector(settings) {
        @Override
        public HttpClient.Builder createClientBuilder() {
          return super.createClientBuilder().sslContext(context);
        }
      };
    }
  }

  @Override
  public Outcome order(KeyPair account, List<String> domains, KeyPair keys, Answers answers)
      throws InterruptedException {
    try {
      return new Issued(issue(login(account), domains, keys, answers));
    } catch (Refused e) {
      return new Failed(Objects.toString(e.getMessage(), ""), true, Duration.ZERO);
    } catch (AcmeRateLimitedException e) {
      Instant now = machine.instant();
      Duration pause = Duration.between(now, e.getRetryAfter().orElse(now));
      return new Failed(text(e.getProblem()), true, pause.isNegative() ? Duration.ZERO : pause);
    } catch (AcmeServerException e) {
      return new Failed(text(e.getProblem()), true, Duration.ZERO);
    } catch (AcmeLazyLoadingException e) {
      boolean isAnswered = e.getCause() instanceof AcmeServerException;
      return new Failed(text(e), isAnswered, Duration.ZERO);
    } catch (AcmeException | AcmeProtocolException | IOException | GeneralSecurityException e) {
      return new Failed(text(e), false, Duration.ZERO);
    }
  }

  private Login login(KeyPair account) throws IOException, GeneralSecurityException, AcmeException {
    Session session = new Session(options.url(), new Trusting(context()));
    session.networkSettings().setTimeout(REQUEST);
    session.setLocale(Locale.ENGLISH);
    AccountBuilder builder = new AccountBuilder().useKeyPair(account);
    if (options.termsAgreed()) {
      builder.agreeToTermsOfService();
    }
    if (!options.email().isEmpty()) {
      builder.addEmail(options.email());
    }
    if (options.macKey() != null) {
      builder.withKeyIdentifier(options.keyId(), options.macKey().reveal());
    }
    return builder.createLogin(session);
  }

  private SSLContext context() throws IOException, GeneralSecurityException {
    return switch (EngineKeys.load(options.ca(), "", "", machine.instant())) {
      case Parsed.Bad<EngineKeys>(String problem) -> throw new IOException("acme_ca " + problem);
      case Parsed.Ok<EngineKeys>(EngineKeys keys) -> {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, keys.trust().getTrustManagers(), null);
        yield context;
      }
    };
  }

  private List<X509Certificate> issue(
      Login login, List<String> domains, KeyPair keys, Answers answers)
      throws AcmeException, Refused, GeneralSecurityException, IOException, InterruptedException {
    Order order = login.newOrder().domains(domains).create();
    for (Authorization authorization : order.getAuthorizations()) {
      prove(authorization, answers);
    }
    await(order, Status.READY, "the order");
    order.execute(SigningRequest.of(keys, domains));
    await(order, Status.VALID, "the order");
    return order.getCertificate().getCertificateChain();
  }

  private void prove(Authorization authorization, Answers answers)
      throws AcmeException, Refused, InterruptedException {
    if (authorization.getStatus() == Status.VALID) {
      return; // the authority remembers an earlier proof
    }
    String domain = authorization.getIdentifier().getDomain();
    String type = options.challenge().toString();
    TokenChallenge challenge =
        authorization
            .findChallenge(type)
            .filter(TokenChallenge.class::isInstance)
            .map(TokenChallenge.class::cast)
            .orElseThrow(() -> new Refused("it does not offer " + type + " for " + domain));
    String answer = challenge.getAuthorization();
    String token = answer.substring(0, answer.indexOf('.'));
    try {
      if (answers.give(domain, token, answer) instanceof Parsed.Bad(String problem)) {
        throw new Refused(problem);
      }
      challenge.trigger();
      await(authorization, Status.VALID, domain);
    } catch (Refused e) {
      challenge.fetch();
      throw challenge.getError().map(it -> new Refused(domain + ": " + text(it))).orElse(e);
    } finally {
      answers.withdraw(token);
    }
  }

  private void await(PollableResource resource, Status wanted, String what)
      throws AcmeException, Refused, InterruptedException {
    Instant deadline = machine.instant().plus(PATIENCE);
    Status status = resource.getStatus();
    while (status != wanted && status != Status.VALID) {
      Instant now = machine.instant();
      if (status == Status.INVALID) {
        String reason =
            resource instanceof Order order
                ? order.getError().map(AcmeAuthority::text).orElse("")
                : "";
        throw new Refused(what + " is invalid" + (reason.isEmpty() ? "" : ": " + reason));
      }
      if (!now.isBefore(deadline)) {
        throw new Refused(
            what
                + " is still "
                + status.name().toLowerCase(Locale.ROOT)
                + " after "
                + PATIENCE.toMinutes()
                + " minutes");
      }
      Instant next = resource.fetch().orElse(now.plus(MIN_POLL));
      status = resource.getStatus();
      if (status != wanted && status != Status.VALID && status != Status.INVALID) {
        Duration pause = Duration.between(machine.instant(), next);
        Thread.sleep(clamped(pause));
      }
    }
  }

  private static Duration clamped(Duration pause) {
    if (pause.compareTo(MIN_POLL) < 0) {
      return MIN_POLL;
    }
    return pause.compareTo(MAX_POLL) > 0 ? MAX_POLL : pause;
  }

  /// The authority's words, in one line.
  private static String text(Problem problem) {
    StringBuilder text =
        new StringBuilder(problem.getDetail().orElse(problem.getType().toString()));
    problem.getSubProblems().forEach(each -> text.append("; ").append(text(each)));
    return text.toString().replaceAll("\\s+", " ");
  }

  private String text(Throwable failure) {
    Throwable root = failure;
    boolean isConnecting = false;
    while (root.getCause() != null) {
      root = root.getCause();
      isConnecting |=
          root instanceof ConnectException || root instanceof HttpConnectTimeoutException;
    }
    if (root instanceof UnresolvedAddressException) {
      return "cannot resolve " + options.url().getHost();
    }
    if (isConnecting) {
      return "cannot connect to " + options.url().getAuthority();
    }
    String message = root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : root.getClass().getSimpleName() + ": " + message.replaceAll("\\s+", " ");
  }
}
