package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.auth.Refusal;
import dev.fanfare.auth.RequestAuth;
import dev.fanfare.http.RouteTable.PathMatch;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.HttpExchange;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.RefusedRequestBuilder;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Finds the endpoint of a request, checks the signature, and turns any failure into a response to
/// this one request. Runs on event loops: an endpoint that may block returns an [Answer.Later].
public final class Router {

  private static final Logger log = Component.API.logger();

  // Labels in metrics for paths that are no endpoints.
  private static final String OTHER = "other";
  private static final String HANDSHAKES = "/app/";
  private static final String HANDSHAKE = "/app/{key}";

  /// What a 401 must say about the expected scheme (RFC 9110 section 11.6.1).
  private static final String CHALLENGE = "Pusher-Signature auth_version=\"1.0\"";

  /// Those who may call endpoints of operators. Any thread.
  public interface Operators {

    /// False if there is none.
    boolean areThere();

    /// The operator with this key, as the signer of requests; null if there is none.
    @Nullable LiveApp byKey(String key);

    /// Checks the signature of a head; returns null if the body may be read.
    @Nullable Response checkHead(LiveApp operator, Request head, Query query, boolean hasBody);

    /// Checks the body of a request whose head was accepted, that it is new, and that the operator
    /// does not send too many; returns null if it may be carried out.
    @Nullable Response checkBody(LiveApp operator, Query query, byte[] body);

    /// The answer to a request that no operator has signed.
    Response refused(Refusal refusal);
  }

  private final Apps apps;
  private final RequestAuth auth;
  private final Operators operators;
  private final ServerListener listener;
  private final RouteTable routes;
  private final NanoClock clock;

  public Router(
      Apps apps,
      RequestAuth auth,
      Operators operators,
      ServerListener listener,
      RouteTable routes,
      NanoClock clock) {
    this.apps = apps;
    this.auth = auth;
    this.operators = operators;
    this.listener = listener;
    this.routes = routes;
    this.clock = clock;
  }

  /// Answers one request; never throws.
  public Answer route(Request request) {
    long sinceNs = clock.nanoTime();
    return route(request, admit(request, request.body().length > 0), sinceNs);
  }

  /// Answers one request whose head was examined before; never throws.
  public Answer route(Request request, Admission admission) {
    return route(request, admission, clock.nanoTime());
  }

  /// Answers a request that is not signed, since the server knows who asks: a user of the console.
  /// Limits, metrics and what is reported of it are those of any other request. Never throws.
  ///
  /// @param request for an endpoint of that app
  public Answer onBehalfOf(LiveApp live, Request request) {
    long sinceNs = clock.nanoTime();
    PathMatch match = Objects.requireNonNull(routes.find(request.path()), request.path());
    Admission.Signed admission = new Admission.Signed(match, live, Query.parse(request.query()));
    return finished(match, request, carryOut(request, admission), sinceNs);
  }

  private Answer route(Request request, Admission admission, long sinceNs) {
    PathMatch match = admission.match();
    return finished(match, request, answer(request, admission), sinceNs);
  }

  private Answer finished(@Nullable PathMatch match, Request request, Answer answer, long sinceNs) {
    return switch (answer) {
      case Response response -> finished(match, request, response, sinceNs);
      case Answer.Later(Supplier<Response> work) ->
          new Answer.Later(() -> finished(match, request, safely(request, work).now(), sinceNs));
      case Answer.Awaited(CompletionStage<?> event, Supplier<Answer> then) ->
          new Answer.Awaited(event, () -> finished(match, request, safely(request, then), sinceNs));
    };
  }

  private Response finished(
      @Nullable PathMatch match, Request request, Response answer, long sinceNs) {
    Response response = complete(request, answer);
    String template = match == null ? OTHER : match.template();
    long durationNs = clock.nanoTime() - sinceNs;
    String appId = appId(match);
    report(template, appId, request.body().length, response, durationNs);
    String reason = response.reason();
    boolean isHealthCheck = match != null && match.isOpen(); // its 503 is an answer, no refusal
    if (reason != null && !isHealthCheck) {
      refused(request, appId, response.status(), reason);
    }
    return response;
  }

  /// Adds what every response of the API has.
  private static Response complete(Request request, Response answer) {
    boolean isRefusal = answer.reason() != null;
    Response formed = isRefusal ? answer.inFormOf(request.headers().get("Accept")) : answer;
    Response response = Cors.allow(formed);
    return response.status() == 401 ? response.withHeader("WWW-Authenticate", CHALLENGE) : response;
  }

  /// Refuses, and reports, a request that must not be carried out.
  public Response refuse(Request request, int status, String reason) {
    Response response = complete(request, Response.refusal(status, reason));
    PathMatch match = routes.find(request.path());
    String template = match == null ? HANDSHAKE : match.template();
    if (match == null && !request.path().startsWith(HANDSHAKES)) {
      template = OTHER;
    }
    String appId = appId(match);
    report(template, appId, 0, response, HttpExchange.UNTIMED);
    refused(request, appId, status, reason);
    return response;
  }

  private void refused(Request request, @Nullable String appId, int status, String reason) {
    listener.on(
        RefusedRequestBuilder.builder()
            .method(request.method())
            .path(request.path())
            .appId(appId)
            .status(status)
            .reason(reason)
            .address(request.address().get())
            .query(request.query())
            .build());
  }

  private void report(
      String template,
      @Nullable String appId,
      int requestBytes,
      Response response,
      long durationNs) {
    int responseBytes = response.body().length;
    listener.on(
        new HttpExchange(
            template, appId, response.status(), requestBytes, responseBytes, durationNs));
  }

  /// The id that the path names, if it is one of an app: clients must not choose labels of metrics.
  private @Nullable String appId(@Nullable PathMatch match) {
    String id = match == null ? null : match.appId();
    return id == null || apps.known(id) == null ? null : id;
  }

  /// Examines the head of a request. What it needs no body for is decided here; never throws.
  ///
  /// @param head the body is not read
  /// @param hasBody whether one follows
  public Admission admit(Request head, boolean hasBody) {
    PathMatch match = routes.find(head.path());
    if (match == null) {
      return new Admission.Answered(null, Response.refusal(404, "Unknown path " + head.path()));
    }
    Answer unsigned = unsigned(match, head);
    if (unsigned != null) {
      return new Admission.Answered(match, unsigned);
    }
    Query query = Query.parse(head.query());
    if (query.check() instanceof Parsed.Bad(String reason)) {
      return new Admission.Answered(match, Response.refusal(400, reason));
    }
    if (match.isOfOperators()) {
      return admitOperator(head, hasBody, match, query);
    }
    return switch (app(match, query)) {
      case Lookup.Settled found -> admit(head, hasBody, match, query, found);
      case Lookup.Later later -> new Admission.Awaited(match, query, later);
    };
  }

  private Admission admitOperator(Request head, boolean hasBody, PathMatch match, Query query) {
    String key = query.get("auth_key");
    LiveApp operator = key == null ? null : operators.byKey(key);
    if (operator == null) {
      String reason = key == null ? "Missing parameter: auth_key" : "Unknown auth_key";
      return new Admission.Answered(match, operators.refused(Refusal.auth(reason)));
    }
    Response refusal = operators.checkHead(operator, head, query, hasBody);
    return refusal == null
        ? new Admission.Signed(match, operator, query)
        : new Admission.Answered(match, refusal);
  }

  private Admission admit(
      Request head, boolean hasBody, PathMatch match, Query query, Lookup.Settled found) {
    return switch (found) {
      case LiveApp live -> {
        App app = live.current();
        Refusal refusal = auth.checkHead(app, head.method(), head.path(), query, hasBody);
        yield refusal == null
            ? new Admission.Signed(match, live, query)
            : new Admission.Answered(match, refused(refusal));
      }
      case Lookup.Unknown _ -> new Admission.Answered(match, noApp(match, query));
      case Lookup.Failed(String reason) -> new Admission.Answered(match, lookupFailed(reason));
    };
  }

  /// The answer to a request that needs no signature; null if it needs one.
  private @Nullable Answer unsigned(PathMatch match, Request head) {
    Resource resource = match.resource();
    if (head.method().equals("OPTIONS")) {
      String asked = head.headers().get("Access-Control-Request-Headers");
      return Cors.preflight(resource.methods(), asked);
    }
    Route.Handler handler = resource.handler(head.method());
    if (handler == null) {
      return Response.refusal(405, "Method not allowed, use " + resource.methods().getFirst())
          .withHeader("Allow", String.join(", ", resource.methods()));
    }
    return switch (resource.access()) {
      case OPEN -> handler.answer(new Call(head, Query.parse(head.query()), match.names(), null));
      case SIGNED -> null;
      case OPERATOR ->
          operators.areThere()
              ? null
              : Response.refusal(401, "No operator key is configured (server.operator_keys)");
    };
  }

  private Answer answer(Request request, Admission admission) {
    return switch (admission) {
      case Admission.Answered answered -> answered.answer();
      case Admission.Signed signed -> answer(request, signed);
      case Admission.Awaited awaited -> new Answer.Later(() -> answerLater(request, awaited).now());
    };
  }

  /// Waits for the look-up of the app; not on an event loop.
  private Answer answerLater(Request request, Admission.Awaited awaited) {
    Lookup.Settled found = awaited.app().answer().join();
    boolean hasBody = request.body().length > 0;
    return answer(request, admit(request, hasBody, awaited.match(), awaited.query(), found));
  }

  private Answer answer(Request request, Admission.Signed admission) {
    if (admission.match().isOfOperators()) {
      Response refused = operators.checkBody(admission.app(), admission.query(), request.body());
      return refused == null ? carryOut(request, admission) : refused;
    }
    App app = admission.app().current();
    Refusal refusal = auth.checkBody(app, admission.query(), request.body());
    return refusal == null ? carryOut(request, admission) : refused(refusal);
  }

  private static Answer carryOut(Request request, Admission.Signed admission) {
    return admission.app().current().options().enabled()
        ? run(admission, request)
        : Response.refusal(403, "Application disabled");
  }

  private static Response refused(Refusal refusal) {
    return Response.refusal(refusal.status(), refusal.message());
  }

  /// True if the path is one of the API's endpoints.
  public boolean knows(String path) {
    return routes.find(path) != null;
  }

  /// True if the path needs no signature, and its response contains nothing confidential.
  public boolean isOpen(String path) {
    PathMatch match = routes.find(path);
    return match != null && match.isOpen();
  }

  private Lookup app(PathMatch match, Query query) {
    String id = match.appId();
    if (id != null) {
      return apps.byId(id);
    }
    String key = query.get("auth_key");
    return key == null ? Lookup.Unknown.UNKNOWN : apps.byKey(key);
  }

  private static Response lookupFailed(String reason) {
    return Response.refusal(503, "The app cannot be looked up: " + reason)
        .withHeader("Retry-After", "1");
  }

  private static Response noApp(PathMatch match, Query query) {
    String id = match.appId();
    if (id != null) {
      return Response.refusal(404, "Unknown app id " + id);
    }
    boolean hasKey = query.get("auth_key") != null;
    return Response.refusal(401, hasKey ? "Unknown auth_key" : "Missing parameter: auth_key");
  }

  private static Answer run(Admission.Signed admission, Request request) {
    try {
      PathMatch match = admission.match();
      Route.Handler handler = match.resource().handler(request.method());
      Call call = new Call(request, admission.query(), match.names(), admission.app());
      return Objects.requireNonNull(handler, "the method was checked").answer(call);
    } catch (RuntimeException | Error e) {
      return failed(request, e);
    }
  }

  private static Answer safely(Request request, Supplier<? extends Answer> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      return failed(request, e);
    }
  }

  private static Response failed(Request request, Throwable e) {
    HeapExhaustion.exitIf(e);
    log.error("request {} {} failed", request.method(), request.path(), e);
    return Response.refusal(500, "Internal error; the server's log has the details");
  }
}
