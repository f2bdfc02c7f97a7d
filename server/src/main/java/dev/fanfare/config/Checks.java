package dev.fanfare.config;

import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ConsoleSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.LedgerSchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.MetricsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.TlsSchema;
import dev.fanfare.config.value.EndpointUrl;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Unfilled;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Network;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks across settings: those that are missing, that contradict each other, or that cause
/// trouble with some clients.
final class Checks {

  private static final Pattern DECIMAL = Pattern.compile("[0-9]+");
  private static final Pattern UPPER_CASE = Pattern.compile("\\p{Upper}");

  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

  // JSON escapes may double the size of an event's data, and there are a few more fields.
  private static final int JSON_FACTOR = 2;
  private static final int JSON_EXTRA_BYTES = 4_096;

  private final Draft draft;
  private final Problems problems;

  private Checks(Draft draft, Problems problems) {
    this.draft = draft;
    this.problems = problems;
  }

  /// Checks a whole configuration.
  static void run(Draft draft, Problems problems) {
    Checks checks = new Checks(draft, problems);
    draft.apps().forEach(checks::app);
    unique(draft.apps(), AppSchema.KEY, problems);
    checks.proxies();
    checks.separatePorts();
    LedgerSchema.check(draft.server(), problems);
    TlsRules.run(draft.server(), problems);
    AcmeRules.run(draft.server(), draft.cluster(), problems);
    ConsoleRules.run(draft.server(), problems);
    ClusterRules.run(draft.cluster(), problems);
    DatabaseRules.run(draft, problems);
  }

  /// Checks an app that is not in the configuration of its server.
  ///
  /// @param around that configuration
  static void app(Section app, Draft around, Problems problems) {
    HistoryRules.share(app, around.cluster(), problems);
    new Checks(around, problems).app(app);
  }

  private void app(Section app) {
    complete(app, AppSchema.ID, AppSchema.KEY, AppSchema.SECRET);
    names(app);
    secrets(app);
    authorization(app);
    origins(app);
    sizes(app);
    Map<WebhookEndpoint, Section> endpoints = new HashMap<>();
    for (Section endpoint : app.webhooks()) {
      complete(endpoint, EndpointSchema.URL);
      differs(endpoint, endpoints);
      happens(app, endpoint, AppSchema.CLIENT_EVENTS, WebhookEvent.Type.CLIENT_EVENT);
      happens(app, endpoint, AppSchema.SUBSCRIPTION_COUNTS, WebhookEvent.Type.SUBSCRIPTION_COUNT);
    }
    HistoryRules.run(app, draft.webhooks(), draft.cluster(), problems);
  }

  private void proxies() {
    Setting<ServerOptions.ProxyProtocol> protocol =
        draft.server().setting(ServerSchema.PROXY_PROTOCOL);
    Setting<List<Network>> trusted = draft.server().setting(ServerSchema.TRUSTED_PROXIES);
    if (protocol.value() != ServerOptions.ProxyProtocol.OFF && trusted.value().isEmpty()) {
      String text =
          protocol.name()
              + " is "
              + ServerSchema.PROXY_PROTOCOL.kind().show(protocol.value())
              + ", but no proxy is trusted, since "
              + trusted.name()
              + " is empty";
      problems.error(protocol.source(), text);
    }
  }

  private void separatePorts() {
    Section server = draft.server();
    boolean hasMetrics = server.get(MetricsSchema.METRICS);
    Option<String> metricsHost = MetricsSchema.METRICS_HOST;
    Option<Integer> metrics = MetricsSchema.METRICS_PORT;
    Option<String> host = ServerSchema.HOST;
    if (hasMetrics) {
      separatePort(metricsHost, metrics, host, ServerSchema.PORT);
      separatePort(metricsHost, metrics, host, TlsSchema.PORT);
    }
    if (server.get(ConsoleSchema.CONSOLE)) {
      Option<String> consoleHost = ConsoleSchema.CONSOLE_HOST;
      Option<Integer> console = ConsoleSchema.CONSOLE_PORT;
      separatePort(consoleHost, console, host, ServerSchema.PORT);
      separatePort(consoleHost, console, host, TlsSchema.PORT);
      if (hasMetrics) {
        separatePort(consoleHost, console, metricsHost, metrics);
      }
    }
  }

  /// A port can be bound only once, unless the hosts are different addresses.
  private void separatePort(
      Option<String> host,
      Option<Integer> option,
      Option<String> otherHost,
      Option<Integer> otherOption) {
    Section server = draft.server();
    Setting<Integer> own = server.setting(option);
    boolean isApart =
        !isEveryAddress(server.get(otherHost))
            && !isEveryAddress(server.get(host))
            && !server.get(otherHost).equals(server.get(host));
    if (own.value() != 0 && !isApart) {
      Setting<Integer> port = server.setting(otherOption);
      if (port.value().equals(own.value())) {
        Setting<?> blamed = blamed(own, port);
        Setting<?> other = blamed.equals(own) ? port : own;
        problems.error(
            blamed.source(),
            said(blamed) + ", but so is " + said(other).replaceFirst(" is [0-9]+", ""));
      }
    }
  }

  private static boolean isEveryAddress(String host) {
    return EVERY_ADDRESS.contains(host);
  }

  /// Reports every section that has the same `option` as one before it.
  static void unique(List<Section> sections, Option<String> option, Problems problems) {
    Map<String, Setting<String>> first = new HashMap<>();
    for (Section section : sections) {
      Setting<String> setting = section.find(option);
      if (setting == null) {
        continue;
      }
      Setting<String> taken = first.putIfAbsent(setting.value(), setting);
      if (taken != null) {
        String text = said(setting) + ", but so is " + taken.name();
        problems.error(setting.source(), text + " (" + taken.source().label() + ")");
      }
    }
  }

  private void complete(Section section, Option<?>... required) {
    for (Option<?> option : required) {
      if (!section.has(option)) {
        problems.error(section.source(), section.spell(option) + " is missing");
      }
    }
  }

  /// Endpoints may share a URL, but two that are alike would get every event twice.
  private void differs(Section endpoint, Map<WebhookEndpoint, Section> others) {
    Setting<String> url = endpoint.find(EndpointSchema.URL);
    if (url != null) {
      Section other = others.putIfAbsent(EndpointSchema.endpoint(endpoint), endpoint);
      if (other != null) {
        Setting<String> first = other.setting(EndpointSchema.URL);
        String text =
            url.name()
                + " is \""
                + EndpointUrl.hidden(url.value())
                + "\", but so is "
                + first.name()
                + ", with the same filters";
        problems.error(url.source(), text + " (" + first.source().label() + ")");
      }
    }
  }

  /// Warns of an endpoint that selects a type of event which its app never produces.
  private void happens(
      Section app, Section endpoint, Option<Boolean> feature, WebhookEvent.Type type) {
    Setting<Set<WebhookEvent.Type>> events = endpoint.setting(EndpointSchema.EVENTS);
    Setting<Boolean> raises = app.setting(feature);
    if (events.value().contains(type) && !raises.value()) {
      String text = events.name() + " has " + type.wireName() + ", which is never sent, since ";
      problems.warn(events.source(), text + said(raises));
    }
  }

  private void names(Section app) {
    Setting<String> id = app.find(AppSchema.ID);
    if (id != null && !DECIMAL.matcher(id.value()).matches()) {
      String text = said(id) + "; the server SDKs for Python and Node accept digits only";
      problems.warn(id.source(), text);
    }
    Setting<String> key = app.find(AppSchema.KEY);
    if (key != null && UPPER_CASE.matcher(key.value()).find()) {
      String text = said(key) + "; the Swift client lower-cases the key when it signs itself";
      problems.warn(key.source(), text);
    }
  }

  private void secrets(Section app) {
    Setting<Secret> current = app.find(AppSchema.SECRET);
    Setting<Secret> previous = app.find(AppSchema.PREVIOUS_SECRET);
    if (current != null && previous != null && current.value().equals(previous.value())) {
      String text =
          previous.name() + " is the same as " + current.name() + ", but must be different";
      problems.error(previous.source(), text);
    }
    if (current != null && current.value().reveal().equals(Unfilled.SOKETI_SECRET)) {
      String text =
          current.name()
              + " is soketi's default, which is public: anyone who reaches the server can publish"
              + " and join private channels. Generate one, with openssl rand -hex 20 for example";
      problems.warn(current.source(), text);
    }
  }

  private void authorization(Section app) {
    Option<Integer> option = AppSchema.AUTHORIZATION_TIMEOUT_SECONDS;
    Setting<Integer> timeout = app.setting(option);
    Setting<Boolean> needed = app.setting(AppSchema.AUTHORIZED_CONNECTIONS_ONLY);
    if (!needed.value() && !timeout.value().equals(option.fallback())) {
      String text = said(timeout) + ", but has no effect, since " + said(needed);
      problems.error(timeout.source(), text);
    }
  }

  private void origins(Section app) {
    Setting<List<String>> origins = app.setting(AppSchema.ALLOWED_ORIGINS);
    if (origins.value().contains("*") && origins.value().size() > 1) {
      String text = origins.name() + " allows every origin with \"*\" and lists others, too";
      problems.error(origins.source(), text);
    }
  }

  private void sizes(Section app) {
    Setting<Integer> event = app.setting(LimitsSchema.MAX_EVENT_BYTES);
    long need = jsonBytes(event.value());
    if (app.get(AppSchema.CLIENT_EVENTS)) {
      room(event, need, draft.server().setting(ServerSchema.MAX_MESSAGE_BYTES));
    }
    room(event, need, draft.server().setting(ServerSchema.MAX_PENDING_BYTES));
    Setting<Integer> request = draft.server().setting(ServerSchema.MAX_REQUEST_BYTES);
    room(event, need, request);
    Setting<Integer> batch = app.setting(LimitsSchema.MAX_BATCH_EVENTS);
    long all = jsonBytes((long) event.value() * batch.value());
    if (need <= request.value() && all > request.value()) {
      String text =
          said(batch) + ", which may take " + all + " bytes in a request, but " + said(request);
      problems.warn(blamed(batch, blamed(event, request)).source(), text);
    }
  }

  private void room(Setting<Integer> event, long need, Setting<Integer> room) {
    if (need > room.value()) {
      String text = said(event) + ", which may take " + need + " bytes, but " + said(room);
      problems.error(blamed(event, room).source(), text);
    }
  }

  /// The size of a message or request with this many bytes of data, at most.
  static long jsonBytes(long bytes) {
    return JSON_FACTOR * bytes + JSON_EXTRA_BYTES;
  }

  /// The one of two settings that was set; a default cannot be fixed.
  private static Setting<?> blamed(Setting<?> one, Setting<?> other) {
    return one.source().equals(Source.DEFAULT) ? other : one;
  }

  /// `server.port is 80`, marked if that is the default.
  private static String said(Setting<?> setting) {
    String value =
        setting.value() instanceof String text ? '"' + text + '"' : setting.value().toString();
    boolean isDefault = setting.source().equals(Source.DEFAULT);
    return setting.name() + " is " + value + (isDefault ? " (the default)" : "");
  }
}
