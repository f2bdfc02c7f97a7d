package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Dialer;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.HttpCall;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.doctor.wire.Words;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// Checks the chain that the server sends, and whether URL and server agree on TLS.
public final class TlsCheck implements Check {

  private final InstantSource clock;

  public TlsCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Step step() {
    return Step.TLS;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    return visit.site().tls() ? encrypted(visit, deadline) : plain(visit, deadline);
  }

  private Outcome encrypted(Visit visit, Deadline deadline) throws IOException {
    Dialer dialer = visit.dialer();
    try (SSLSocket socket = dialer.openLenient(deadline)) {
      return judge(visit, socket, dialer.bareName());
    } catch (SSLException e) {
      return refused(visit.site(), String.valueOf(e.getMessage()));
    } catch (SocketTimeoutException e) {
      return silent();
    } catch (EOFException | SocketException e) {
      return refused(visit.site(), "the connection was closed");
    }
  }

  private Outcome judge(Visit visit, SSLSocket socket, String host) throws SSLException {
    Certificate[] certificates = socket.getSession().getPeerCertificates();
    List<X509Certificate> sent =
        Arrays.stream(certificates).map(X509Certificate.class::cast).toList();
    CertificateChain chain = new CertificateChain(sent);
    Instant now = clock.instant();
    Outcome objection = chain.objection(host, visit.trust(), now);
    if (objection instanceof Outcome.Failed failed && visit.options().insecure()) {
      return new Outcome.Warned(
          failed.finding() + " (accepted because of --insecure)", failed.remedy());
    }
    String seen =
        socket.getSession().getProtocol()
            + ", "
            + Words.count(sent.size(), "certificate", "certificates")
            + ", valid for "
            + CertificateNames.of(chain.leaf())
            + " and for another "
            + chain.days(now);
    return objection == null ? new Outcome.Passed(seen) : objection;
  }

  private static Outcome refused(Site site, String message) {
    if (message.contains("Unsupported or unrecognized SSL message")) {
      return new Outcome.Failed(
          "the server on port " + site.port() + " does not use TLS, but the URL says wss",
          "Use ws:// (in clients forceTLS: false), or configure a certificate (tls_certificate),"
              + " or terminate TLS at a proxy.",
          true);
    }
    if (message.contains("no_application_protocol")) {
      return new Outcome.Failed(
          "the server speaks only HTTP/2, but WebSockets need HTTP/1.1",
          "Enable HTTP/1.1 in the proxy too (ALPN http/1.1).",
          true);
    }
    if (message.contains("protocol_version") || message.contains("protocol version")) {
      return new Outcome.Failed(
          "the server has no TLS version that is still secure: " + message,
          "Enable TLS 1.2 and 1.3 in the proxy.",
          true);
    }
    return new Outcome.Failed(
        "the TLS handshake failed: " + message,
        "Check the proxy's error log: usually its certificate or key cannot be read, or it has"
            + " none for this name.",
        true);
  }

  /// Sends one plain request: a TLS server can be recognized by its response.
  private static Outcome plain(Visit visit, Deadline deadline) throws IOException {
    try {
      HttpAnswer answer = visit.call(HttpCall.get("/live"), deadline);
      String body = answer.body();
      return answer.status() == 400 && body.contains("HTTPS") ? speaksTls(visit.site()) : noTls();
    } catch (HttpAnswer.NotHttp e) {
      return e.isTls() ? speaksTls(visit.site()) : notHttp(visit.site(), e);
    } catch (SocketTimeoutException e) {
      return silent();
    } catch (EOFException | SocketException e) {
      return new Outcome.Failed(
          "the server closes the connection without a response",
          "It may accept only TLS (then use wss://), or require the PROXY protocol"
              + " (proxy_protocol: required), or be no web server at all.");
    }
  }

  private static Outcome noTls() {
    return new Outcome.Skipped("not used (ws://)");
  }

  private static Outcome speaksTls(Site site) {
    return new Outcome.Failed(
        "the server on port " + site.port() + " uses TLS, but the URL says ws",
        "Use wss:// (in clients forceTLS: true).");
  }

  private static Outcome notHttp(Site site, HttpAnswer.NotHttp e) {
    return e.isHttp2()
        ? new Outcome.Failed(
            "the server speaks only HTTP/2, but WebSockets need HTTP/1.1",
            "Enable HTTP/1.1 too.",
            true)
        : new Outcome.Failed(
            "the server on port " + site.port() + " does not speak HTTP",
            "The port belongs to another program; check the URL.");
  }

  private static Outcome silent() {
    return new Outcome.Failed(
        "the connection is accepted, but the server sends nothing",
        "The listener is no web server, or hangs, or forwards to an address that does not respond;"
            + " or the URL confuses ws:// and wss://.");
  }
}
