package dev.fanfare.http.operator;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.auth.Refusal;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.http.Request;
import dev.fanfare.http.Response;
import dev.fanfare.http.Router;
import dev.fanfare.http.SharedBucket;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Query;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the operator who has signed a request, and limits how many requests there are. Any thread.
public final class Operators implements Router.Operators {

  /// Requests of one key.
  static final int REQUESTS_PER_SECOND = 50;

  /// Answers that say what is wrong with a signature, for all senders together.
  static final int REFUSALS_PER_SECOND = 10;

  private static final String RETRY_AFTER_SECONDS = "1";

  private final RequestAuth auth;
  private final NanoClock clock;
  private final SharedBucket refusals;
  private final CurrentApps signers;

  /// By the name of the operator.
  private final Map<String, SharedBucket> requests = new ConcurrentHashMap<>();

  /// @param auth used for nothing else, since it remembers signatures by name
  /// @param onSecrets gets the operators as signers before their keys are used
  public Operators(RequestAuth auth, NanoClock clock, Consumer<Collection<App>> onSecrets) {
    this.auth = auth;
    this.signers = new CurrentApps(List.of(), onSecrets);
    this.clock = clock;
    this.refusals = new SharedBucket(clock.nanoTime());
  }

  /// Replaces all keys. Called by one thread at a time.
  ///
  /// @param keys no two of them share a name or a key
  public void use(List<OperatorKey> keys) {
    signers.replace(keys.stream().map(OperatorKey::signer).toList());
    auth.appsChanged(signers);
    requests.keySet().removeIf(name -> signers.known(name) == null);
  }

  @Override
  public boolean areThere() {
    return !signers.known().isEmpty();
  }

  @Override
  public @Nullable LiveApp byKey(String key) {
    return signers.byKey(key) instanceof LiveApp signer ? signer : null;
  }

  @Override
  public @Nullable Response checkHead(
      LiveApp operator, Request head, Query query, boolean hasBody) {
    Refusal refusal =
        auth.checkHead(operator.current(), head.method(), head.path(), query, hasBody);
    return refusal == null ? null : refused(refusal);
  }

  /// The limit comes before the check for repeated requests, so that one over the limit does not
  /// use up its signature; a refused one does not count.
  @Override
  public @Nullable Response checkBody(LiveApp operator, Query query, byte[] body) {
    long nowNs = clock.nanoTime();
    SharedBucket bucket = requests.computeIfAbsent(operator.id(), _ -> new SharedBucket(nowNs));
    if (!bucket.tryTake(REQUESTS_PER_SECOND, nowNs)) {
      return tooMany(
          "Too many requests of the operator "
              + operator.id()
              + ": "
              + REQUESTS_PER_SECOND
              + " per second are allowed");
    }
    Refusal refusal = auth.checkBody(operator.current(), query, body);
    if (refusal == null) {
      return null;
    }
    bucket.giveBack(1, REQUESTS_PER_SECOND);
    return refused(refusal);
  }

  @Override
  public Response refused(Refusal refusal) {
    return refusals.tryTake(REFUSALS_PER_SECOND, clock.nanoTime())
        ? Response.refusal(refusal.status(), refusal.message())
        : tooMany(
            "Too many refused requests of operators: "
                + REFUSALS_PER_SECOND
                + " per second are answered in detail");
  }

  private static Response tooMany(String reason) {
    return Response.refusal(429, reason).withHeader("Retry-After", RETRY_AFTER_SECONDS);
  }
}
