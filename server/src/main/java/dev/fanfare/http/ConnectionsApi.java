package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Excerpt;
import dev.fanfare.protocol.Json;
import dev.fanfare.session.SessionStatus;
import dev.fanfare.session.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What is known about a connection of this node.
public final class ConnectionsApi {

  /// A lane answers within milliseconds, unless the process stands still.
  private static final int PATIENCE_SECONDS = 5;

  private final Sessions sessions;
  private final Quotas quotas;
  private final NanoClock clock;
  private final InstantSource wall;

  /// @param clock of the sessions
  public ConnectionsApi(Sessions sessions, Quotas quotas, NanoClock clock, InstantSource wall) {
    this.sessions = sessions;
    this.quotas = quotas;
    this.clock = clock;
    this.wall = wall;
  }

  /// Its rows of the [RouteTable].
  List<Route> routes() {
    return List.of(
        Route.signed(
            "GET", "/apps/{id}/connections/{socket_id}", call -> show(call.app(), call.name())));
  }

  private Answer show(App app, String socketId) {
    CompletableFuture<SessionStatus> status = sessions.status(app, socketId);
    if (status == null) {
      return Response.refusal(404, "This node has no connection " + Excerpt.of(socketId));
    }
    Response refused = quotas.takeRead(app);
    return refused == null ? new Answer.Later(() -> await(status)) : refused;
  }

  private Response await(CompletableFuture<SessionStatus> status) {
    try {
      return Response.json(json(status.get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
    } catch (TimeoutException | ExecutionException e) {
      return Response.refusal(503, "The connection's thread did not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Response.refusal(503, "The server is shutting down");
    }
  }

  private byte[] json(SessionStatus status) {
    Json.Writer out =
        Json.object()
            .field("since_ms", wallMs(status.openedAtNs()))
            .field("subscriptions", status.subscriptions())
            .field("unconfirmed", status.unconfirmed());
    Long confirmedAtNs = status.confirmedAtNs();
    if (confirmedAtNs != null) {
      out.field("confirmed_ms", wallMs(confirmedAtNs));
    }
    return out.text().getBytes(StandardCharsets.UTF_8);
  }

  private long wallMs(long atNs) {
    return wall.millis() - TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - atNs);
  }
}
