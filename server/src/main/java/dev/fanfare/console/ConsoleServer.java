package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.ChangeListener;
import dev.fanfare.channel.Tracing;
import dev.fanfare.console.act.ApiRequests;
import dev.fanfare.console.act.AppActs;
import dev.fanfare.console.act.ArmActs;
import dev.fanfare.console.act.CatalogActs;
import dev.fanfare.console.act.DoctorActs;
import dev.fanfare.console.act.DoctorRuns;
import dev.fanfare.console.act.Program;
import dev.fanfare.console.act.ServerActs;
import dev.fanfare.console.act.WebhookActs;
import dev.fanfare.console.arm.Armed;
import dev.fanfare.console.figure.Figures;
import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.console.login.Logins;
import dev.fanfare.console.login.ProofFile;
import dev.fanfare.console.peers.Peers;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.row.Moments;
import dev.fanfare.http.operator.AppDesk;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.tls.Credentials;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The console of one server: watches from the start, and answers once it is opened. Does neither
/// if it is disabled. Opened and closed by one thread.
public final class ConsoleServer implements AutoCloseable {

  private final ConsoleOptions options;
  private final Apps apps;
  private final InstantSource wall;
  private final @Nullable Recorder recorder;
  private volatile @Nullable Open open;

  /// What the server was started by; null until it is known.
  private volatile @Nullable Program program;

  private volatile @Nullable Peers peers;

  /// What there is once it is opened.
  private record Open(
      ConsolePort port,
      Gate gate,
      ProofFile proof,
      Logins logins,
      Figures figures,
      DoctorRuns doctor) {}

  /// @param share of the heap for the data of events
  public ConsoleServer(ConsoleOptions options, Apps apps, Share share, InstantSource wall) {
    this.options = options;
    this.apps = apps;
    this.wall = wall;
    Moments moments = new Moments(NanoClock.SYSTEM, wall);
    this.recorder = options.enabled() ? new Recorder(options, share, moments, apps) : null;
  }

  /// Those to notify of what happens: none if it is disabled.
  public List<ServerListener> listeners() {
    return recorder == null ? List.of() : List.of(recorder.watch());
  }

  /// Those to notify of what is decided about channels: none if it is disabled.
  public List<ChangeListener> changes() {
    return recorder == null ? List.of() : List.of(recorder.watch());
  }

  /// The configuration was reloaded, or rejected.
  public void reloaded(boolean isApplied) {
    if (recorder != null) {
      recorder.watch().reloaded(isApplied);
    }
  }

  /// Rows that were forgotten since there were too many at once; 0 if it is disabled.
  public long lostRows() {
    return recorder == null ? 0 : recorder.lost();
  }

  /// What remembers publishes; null if it is disabled.
  ///
  /// @param lanes how many there are
  public @Nullable Tracing tracing(int lanes) {
    if (recorder == null) {
      return null;
    }
    recorder.traces().setLanes(lanes);
    return recorder.watch();
  }

  /// Opens the port.
  ///
  /// @param credentials of the server in use; null without TLS
  /// @throws IOException with the reason in the message if it cannot listen
  public void open(ConsoleParts parts, Supplier<@Nullable Credentials> credentials)
      throws IOException {
    Recorder started = recorder;
    if (started != null) {
      SecureRandom random = new SecureRandom();
      Logins logins = new Logins(options.users(), NanoClock.SYSTEM, random);
      boolean isSecure = credentials.get() != null || options.url().startsWith("https:");
      LoginCookie cookie = new LoginCookie(isSecure);
      OwnHosts hosts = new OwnHosts(options.host(), options.url());
      Gate gate = new Gate(apps, wall, hosts, logins, cookie, parts.clients());
      ConsolePort port = ConsolePort.bind(options, gate, started, parts.protocols(), credentials);
      ProofFile proof = ProofFile.write(port.port(), random);
      LoginPages pages = new LoginPages(apps, logins, proof, cookie, options.payloads());
      DoctorRuns doctor = new DoctorRuns(NanoClock.SYSTEM);
      Armed armed = new Armed(parts.sessions(), started.moments().clock());
      RowJson json = new RowJson(started.moments(), parts.node());
      OtherNodes others = new OtherNodes(parts.node(), parts.nodes());
      ConsoleApi api = new ConsoleApi(parts, started, json, others, armed);
      NodeRoutes nodes = new NodeRoutes(parts, started, json, api, others);
      Peers joined = new Peers(parts.bus(), NanoClock.SYSTEM, nodes);
      others.join(joined);
      peers = joined;
      api.figures().start();
      List<ConsoleRoute> acts = acts(parts, started, armed, () -> program, doctor);
      port.start(
          routes(api, nodes, pages, acts), new ConsolePort.Streams(json, nodes::watch, api::feed));
      open = new Open(port, gate, proof, logins, api.figures(), doctor);
      started.start(api.figures()::tick);
    }
  }

  /// What is answered about the outside of an app, and what users change.
  static List<ConsoleRoute> acts(
      ConsoleParts parts,
      Recorder recorder,
      Armed armed,
      Supplier<@Nullable Program> program,
      DoctorRuns doctor) {
    ApiRequests api = new ApiRequests(parts.apps(), parts.router());
    List<ConsoleRoute> acts =
        new ArrayList<>(new AppActs(api, parts.sessions(), parts.users()).routes());
    acts.addAll(new ArmActs(armed, parts.users(), parts.wall()).routes());
    acts.addAll(new WebhookActs(api, parts.outbox(), recorder.attempts()).routes());
    acts.addAll(new CatalogActs(new AppDesk(parts.catalog())).routes());
    acts.addAll(new ServerActs(program).routes());
    acts.addAll(new DoctorActs(parts.apps(), program, doctor).routes());
    return acts;
  }

  /// Everything that is answered below `/api`.
  static List<ConsoleRoute> routes(
      ConsoleApi api, NodeRoutes nodes, LoginPages logins, List<ConsoleRoute> acts) {
    List<ConsoleRoute> routes = new ArrayList<>(api.routes());
    routes.addAll(nodes.routes());
    routes.addAll(logins.routes());
    routes.addAll(acts);
    return routes;
  }

  /// A message of another node's console has arrived. Never blocks.
  public void receive(BusMessage message) {
    Peers joined = peers;
    if (joined != null) {
      joined.receive(message);
    }
  }

  /// The port that is listened on; 0 if none.
  public int port() {
    Open opened = open;
    return opened == null ? 0 : opened.port().port();
  }

  /// A code that logs in once; null if there is no console, or if it has users.
  public @Nullable String link() {
    Open opened = open;
    return opened == null ? null : opened.logins().link();
  }

  /// Replaces the users; sessions of those who have changed end. Any thread; may block.
  public void use(List<ConsoleUser> users) {
    Open opened = open;
    if (opened != null) {
      opened.logins().use(users);
    }
  }

  /// Shows what the server was started from.
  public void offer(Program around) {
    program = around;
  }

  /// Forgets apps that are gone.
  public void appsChanged() {
    Set<String> known = apps.known().stream().map(App::id).collect(Collectors.toSet());
    if (recorder != null) {
      recorder.retain(apps.known());
    }
    Open opened = open;
    if (opened != null) {
      opened.figures().retain(known);
      opened.gate().appsChanged();
    }
  }

  @Override
  public void close() {
    Peers joined = peers;
    if (joined != null) {
      joined.close();
    }
    if (recorder != null) {
      recorder.close();
    }
    Open opened = open;
    if (opened != null) {
      opened.port().close();
      opened.proof().close();
      opened.doctor().close();
    }
  }
}
