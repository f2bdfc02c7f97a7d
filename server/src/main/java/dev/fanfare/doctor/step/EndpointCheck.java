package dev.fanfare.doctor.step;

import dev.fanfare.app.Secret;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Dialer;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.HttpCall;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Signature;
import dev.fanfare.protocol.UrlHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests a signature from the application's auth endpoint, as pusher-js does (section 2.3), and
/// uses it.
public final class EndpointCheck implements Check {

  @Override
  public Step step() {
    return Step.ENDPOINT;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    DoctorOptions.Endpoint endpoint = visit.options().endpoint();
    if (endpoint == null) {
      return new Outcome.Skipped("no --auth-endpoint given");
    }
    String asked = endpoint.channel();
    String channel = asked == null ? visit.channel("private-endpoint-") : asked;
    HttpAnswer answer;
    try {
      answer = ask(visit, endpoint, channel, deadline);
    } catch (IOException e) {
      return new Outcome.Failed(
          "the endpoint cannot be reached: " + e.getMessage(),
          "Check its URL, and whether it is reachable from here.");
    }
    Outcome.Failed problem = EndpointAnswer.problem(answer);
    return problem == null ? use(visit, channel, answer.body(), deadline) : problem;
  }

  private static HttpAnswer ask(
      Visit visit, DoctorOptions.Endpoint endpoint, String channel, Deadline deadline)
      throws IOException {
    URI url = endpoint.url();
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    UrlHost host = UrlHost.of(url);
    if (host == null) {
      throw new IOException("its URL has no host");
    }
    Site site = new Site(tls, host.bareHost(), host.portOr(Site.defaultPort(tls)), "");
    InetAddress address = InetAddress.getByName(site.host());
    Dialer dialer =
        new Dialer(site, site.authority(), address, visit.trust(), visit.options().insecure());
    List<String> headers = new ArrayList<>(endpoint.headers());
    headers.add("Content-Type: application/x-www-form-urlencoded");
    headers.add("X-Requested-With: XMLHttpRequest");
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    String body = "socket_id=" + visit.socketId() + "&channel_name=" + encode(channel);
    return new HttpCall("POST", target, headers, body).send(dialer, deadline);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Outcome use(Visit visit, String channel, String json, Deadline deadline)
      throws IOException {
    String auth = String.valueOf(PusherSocket.field(json, "auth"));
    String data = PusherSocket.field(json, "channel_data");
    Outcome.Failed foreign = foreign(visit, channel, auth, data);
    if (foreign != null) {
      return foreign;
    }
    return switch (visit.socket().subscribe(channel, auth, data, deadline)) {
      case Parsed.Ok<Parsed.Passed> _ ->
          new Outcome.Passed("the endpoint's signature is accepted for " + channel);
      case Parsed.Bad<Parsed.Passed> bad ->
          new Outcome.Failed(
              "the server rejects the endpoint's signature: " + Words.brief(bad.reason()),
              "If the text to sign is right, the endpoint signs with the secret of another app.");
    };
  }

  /// What is wrong with a signature, as far as that can be seen without the server; null if
  /// nothing.
  private static Outcome.@Nullable Failed foreign(
      Visit visit, String channel, String auth, @Nullable String data) {
    AppCredentials credentials = visit.credentials();
    int colon = auth.indexOf(':');
    String key = auth.substring(0, Math.max(0, colon));
    if (!key.equals(credentials.key())) {
      return new Outcome.Failed(
          "the endpoint signs for the key "
              + Words.brief(key)
              + ", the client uses "
              + credentials.key(),
          "Configure application and client with the key of the same app; a configuration may be"
              + " cached.");
    }
    Secret secret = credentials.secret();
    String toSign = Signature.subscription(visit.socketId(), channel, data);
    boolean isGood =
        secret == null || secret.signature().matches(toSign, auth.substring(colon + 1));
    return isGood
        ? null
        : new Outcome.Failed(
            "the endpoint signs with a different secret than the one given here",
            "Compare the secret in the application's configuration (in Laravel PUSHER_APP_SECRET,"
                + " then php artisan config:clear) with the server's.");
  }
}
