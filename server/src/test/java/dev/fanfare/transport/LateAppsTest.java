package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.Lookup;
import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.LateApps;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.memory.DirectMemory;
import dev.fanfare.transport.server.NettyServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Handshakes and requests that wait until their app was looked up in a store, over real sockets.
final class LateAppsTest {

  private static final App APP = TestNode.APP;
  private static final String TARGET = "/app/" + APP.key() + "?protocol=7";
  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"d\"}";
  private static final String PATH = "/apps/" + APP.id() + "/events";
  private static final String LIVE = RawHttp.request("GET", "/live", "");

  private final LateApps apps = new LateApps(APP);
  private NettyServer server;
  private SourceLimits sources;
  private OfflineNode node;

  @BeforeEach
  void start() throws IOException {
    ServerOptions options = TestNode.options(0).withLanes(1).withMaxConnectionsPerAddress(2);
    NanoClock clock = NanoClock.SYSTEM;
    Ledger ledger = Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess());
    server = new NettyServer(options, clock, InstantSource.system(), ledger);
    sources = new SourceLimits(options, clock);
    node = new OfflineNode(server.lanes().getFirst(), ServerListener.NONE, APP, apps);
    server.listen(
        SocketContextBuilder.builder()
            .options(options)
            .apps(apps)
            .sessions(node.sessionContext())
            .router(node.router())
            .sources(sources)
            .files(new FileBudget(new OpenFiles.Unlimited(), () -> 0, 0))
            .readiness(new Readiness())
            .build());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawSocket handshake() throws IOException {
    RawSocket socket = new RawSocket(server.port());
    socket.sendHandshake(TARGET);
    return socket;
  }

  private void answer(Lookup.Settled found) {
    apps.next().answer().complete(found);
  }

  private String publish() {
    String query = Api.signedQuery(APP, "POST", PATH, "", EVENT, node.epochSeconds());
    return RawHttp.request("POST", PATH + "?" + query, EVENT);
  }

  @Test
  void aHandshakeWaitsForItsApp() throws IOException {
    try (RawSocket socket = handshake()) {
      LateApps.Question question = apps.next();
      assertThat(question.name()).isEqualTo(APP.key());
      assertThat(node.sessions().count()).isZero();
      question.answer().complete(apps.app());
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.nextText()).contains("pusher:connection_established");
      socket.subscribe("a");
      assertThat(socket.nextText()).contains("subscription_succeeded");
      assertThat(node.sessions().count()).isEqualTo(1);
    }
  }

  @Test
  void aHandshakeIsRefusedWhenTheAppIsUnknownOrTheStoreIsAway() throws IOException {
    try (RawSocket socket = handshake()) {
      answer(Lookup.Unknown.UNKNOWN);
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.nextClose().closeCode()).isEqualTo(4001);
    }
    try (RawSocket socket = handshake()) {
      answer(new Lookup.Failed("the database is away"));
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      RawSocket.Frame close = socket.nextClose();
      assertThat(close.closeCode()).isEqualTo(4100);
      assertThat(close.closeReason())
          .isEqualTo("The app cannot be looked up: the database is away");
    }
  }

  @Test
  void aFaultOfTheStoreClosesTheSocketAndNoOther() throws IOException {
    try (RawSocket faulty = handshake()) {
      apps.next().answer().completeExceptionally(new IllegalStateException("on purpose"));
      assertThat(faulty.rest()).isEmpty();
    }
    try (RawSocket other = handshake()) {
      answer(apps.app());
      assertThat(other.readHead()).startsWith("HTTP/1.1 101 ");
    }
  }

  @Test
  void aClientThatLeavesMeanwhileLeavesNothingBehind() throws IOException {
    LateApps.Question question;
    try (RawSocket _ = handshake()) {
      question = apps.next();
    }
    question.answer().complete(apps.app());
    await().until(() -> sources.addresses() == 0);
    try (RawSocket socket = handshake()) {
      answer(apps.app());
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.nextText()).contains("pusher:connection_established");
      assertThat(node.sessions().count()).isEqualTo(1);
    }
    await().until(() -> sources.addresses() == 0);
  }

  @Test
  void whatAClientSendsBeforeTheResponseIsNotReadAsARequest() throws IOException {
    try (RawSocket socket = new RawSocket(server.port())) {
      socket.sendHandshakeAnd(TARGET, LIVE.getBytes(StandardCharsets.US_ASCII));
      answer(apps.app());
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.nextText()).contains("pusher:connection_established");
      socket.subscribe("a");
      assertThat(socket.nextText()).contains("subscription_succeeded");
    }
  }

  @Test
  void aRequestWaitsAndSoDoesTheNextOne() throws IOException {
    try (RawHttp http = new RawHttp(server.port())) {
      http.send(publish() + LIVE);
      LateApps.Question question = apps.next();
      assertThat(question.name()).isEqualTo(APP.id());
      question.answer().complete(apps.app());
      assertThat(http.next().line()).isEqualTo("200 {}");
      assertThat(http.next().line()).isEqualTo("200 OK");
    }
  }

  @Test
  void aBodyMayArriveBeforeTheAppIsFound() throws IOException {
    try (RawHttp http = new RawHttp(server.port())) {
      String request = publish();
      int head = request.length() - EVENT.length();
      http.send(request.substring(0, head));
      LateApps.Question question = apps.next();
      http.send(request.substring(head));
      question.answer().complete(apps.app());
      assertThat(http.next().line()).isEqualTo("200 {}");
      http.send(request.substring(0, head));
      answer(apps.app());
      http.send(request.substring(head));
      assertThat(http.next().line()).isEqualTo("200 {}");
    }
  }

  @Test
  void aRequestIsRefusedWhenTheAppIsUnknownOrTheStoreFails() throws IOException {
    try (RawHttp http = new RawHttp(server.port())) {
      http.send(publish());
      answer(Lookup.Unknown.UNKNOWN);
      assertThat(http.next().line()).isEqualTo("404 Unknown app id " + APP.id());
      http.send(publish());
      answer(new Lookup.Failed("the database is away"));
      RawHttp.Answer away = http.next();
      assertThat(away.line()).isEqualTo("503 The app cannot be looked up: the database is away");
      assertThat(away.header("Retry-After")).isEqualTo("1");
      http.send(publish());
      apps.next().answer().completeExceptionally(new IllegalStateException("on purpose"));
      assertThat(http.next().line())
          .isEqualTo("500 Internal error; the server's log has the details");
      http.send(publish());
      answer(apps.app());
      assertThat(http.next().line()).isEqualTo("200 {}");
    }
  }
}
