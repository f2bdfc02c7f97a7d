package dev.fanfare.config;

import dev.fanfare.app.App;
import dev.fanfare.app.AppFormat;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.config.layer.FileLayer;
import dev.fanfare.config.layer.JsonFile;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.AppWriter;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.value.EndpointUrl;
import dev.fanfare.config.value.Problem;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Written;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Apps as JSON, read by what reads an entry of `apps:` and checked against the same options of the
/// server. Any thread.
public final class AppJson implements AppFormat {

  /// What a text is called in an error, and what the app in it is called.
  private static final String BODY = "body";

  private static final String PATH = "app";

  private static final Set<String> OF_FILES = Set.of("secret_file", "previous_secret_file");

  private final Draft around;
  private final RandomGenerator random;

  /// @param around the configuration of the server that the apps are for
  /// @param random not predictable; thread-safe
  public AppJson(Draft around, RandomGenerator random) {
    this.around = around;
    this.random = random;
  }

  @Override
  public Parsed<App> read(String json) {
    Problems problems = new Problems();
    return app(parse(json, problems), null, problems);
  }

  @Override
  public Parsed<NewApp> create(String json) {
    Problems problems = new Problems();
    Written written = parse(json, problems);
    Map<String, String> generated = new LinkedHashMap<>();
    generated.put(AppSchema.ID.key(), FreshApp.id(random));
    generated.put(AppSchema.KEY.key(), FreshApp.key(random));
    generated.put(AppSchema.SECRET.key(), FreshApp.secret(random));
    List<Written.Entry> entries = new ArrayList<>();
    if (written instanceof Written.Mapping mapping) {
      entries.addAll(mapping.entries());
      mapping.entries().forEach(entry -> generated.remove(entry.key()));
    }
    generated.forEach((key, text) ->
        entries.add(
            new Written.Entry(key, written.source(), new Written.Scalar(text, written.source()))));
    boolean isObject = written instanceof Written.Mapping || written instanceof Written.Nothing;
    Written whole = isObject ? new Written.Mapping(entries, written.source()) : written;
    return switch (app(whole, null, problems)) {
      case Parsed.Bad<App>(String reason) -> new Parsed.Bad<>(reason);
      case Parsed.Ok<App>(App app) ->
          new Parsed.Ok<>(
              new NewApp(
                  app,
                  generated.containsKey(AppSchema.ID.key()),
                  generated.containsKey(AppSchema.SECRET.key())));
    };
  }

  @Override
  public Parsed<App> change(App current, String patch) {
    Problems problems = new Problems();
    Written changes = parse(patch, problems);
    if (changes instanceof Written.Items || changes instanceof Written.Scalar) {
      problems.error(changes.source(), "the body must be a JSON object");
    }
    Written stored = JsonFile.parse("stored", write(current), problems);
    Parsed<App> changed = app(merged(stored, changes), current, problems);
    return changed instanceof Parsed.Ok<App>(App app) && !app.id().equals(current.id())
        ? new Parsed.Bad<>("app.id is \"" + app.id() + "\", but the id of an app cannot be changed")
        : changed;
  }

  @Override
  public Secret newSecret() {
    return new Secret(FreshApp.secret(random));
  }

  @Override
  public String write(App app) {
    return AppWriter.settings(app);
  }

  @Override
  public String show(App app) {
    return AppWriter.shown(app);
  }

  private static Written parse(String json, Problems problems) {
    return JsonFile.parse(BODY, json, problems);
  }

  /// @param current the app that masked values are of; null if there is none
  private Parsed<App> app(Written written, @Nullable App current, Problems problems) {
    if (!problems.errors().isEmpty()) {
      return bad(problems); // one that is no JSON has no other
    }
    refuseFiles(written, problems);
    Section section = FileLayer.app(PATH, written, problems);
    Checks.app(section, around, problems);
    return problems.errors().isEmpty() ? unmasked(AppSchema.app(section), current) : bad(problems);
  }

  private static Parsed<App> bad(Problems problems) {
    return new Parsed.Bad<>(
        problems.errors().stream().map(Problem::toString).collect(Collectors.joining("; ")));
  }

  /// An operator who may create apps may not read the files of the server.
  private static void refuseFiles(Written written, Problems problems) {
    if (written instanceof Written.Mapping mapping) {
      for (Written.Entry entry : mapping.entries()) {
        if (OF_FILES.contains(entry.key())) {
          String text = " names a file of the server, which is not accepted here; send the secret";
          problems.error(entry.source(), PATH + "." + entry.key() + text);
        }
      }
    }
  }

  /// RFC 7396.
  private static Written merged(Written target, Written patch) {
    if (!(patch instanceof Written.Mapping changes)) {
      return patch instanceof Written.Nothing ? target : patch;
    }
    Map<String, Written.Entry> entries = new LinkedHashMap<>();
    if (target instanceof Written.Mapping mapping) {
      mapping.entries().forEach(entry -> entries.put(entry.key(), entry));
    }
    for (Written.Entry change : changes.entries()) {
      Written.Entry former = entries.remove(change.key());
      if (!(change.value() instanceof Written.Nothing)) {
        Written base = former == null ? new Written.Nothing(change.source()) : former.value();
        Written value = merged(base, change.value());
        entries.put(change.key(), new Written.Entry(change.key(), change.source(), value));
      }
    }
    return new Written.Mapping(List.copyOf(entries.values()), changes.source());
  }

  /// The app with the values that were shown as asterisks, and sent back so.
  private static Parsed<App> unmasked(App app, @Nullable App current) {
    List<WebhookEndpoint> former = current == null ? List.of() : current.webhooks();
    List<WebhookEndpoint> endpoints = new ArrayList<>();
    for (WebhookEndpoint endpoint : app.webhooks()) {
      WebhookEndpoint shown = shownAs(endpoint, former);
      Map<String, Secret> headers = new LinkedHashMap<>();
      for (Map.Entry<String, Secret> header : endpoint.headers().entrySet()) {
        boolean isMasked = header.getValue().reveal().equals(AppWriter.MASK);
        Secret known = isMasked && shown != null ? shown.headers().get(header.getKey()) : null;
        if (isMasked && known == null) {
          return masked("a webhook has the header " + header.getKey());
        }
        headers.put(header.getKey(), known == null ? header.getValue() : known);
      }
      boolean isUrlMasked = endpoint.url().endsWith("?" + AppWriter.MASK);
      if (isUrlMasked && shown == null) {
        return masked("a webhook has a URL");
      }
      String url = isUrlMasked && shown != null ? shown.url() : endpoint.url();
      endpoints.add(endpoint.withUrl(url).withHeaders(headers));
    }
    return new Parsed.Ok<>(app.withWebhooks(endpoints));
  }

  private static Parsed<App> masked(String what) {
    return new Parsed.Bad<>(
        "app.webhooks: " + what + " with asterisks in place of a value; send the value");
  }

  /// The endpoint that was shown with this one's URL; null if there is none, or more than one.
  private static @Nullable WebhookEndpoint shownAs(
      WebhookEndpoint endpoint, List<WebhookEndpoint> former) {
    String url = EndpointUrl.hidden(endpoint.url());
    List<WebhookEndpoint> same =
        former.stream().filter(each -> EndpointUrl.hidden(each.url()).equals(url)).toList();
    return same.size() == 1 ? same.getFirst() : null;
  }
}
