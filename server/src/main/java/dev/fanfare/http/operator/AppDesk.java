package dev.fanfare.http.operator;

import dev.fanfare.app.App;
import dev.fanfare.app.AppCatalog;
import dev.fanfare.app.AppFormat;
import dev.fanfare.app.AppStore;
import dev.fanfare.app.AppStore.Answer;
import dev.fanfare.app.Secret;
import dev.fanfare.observe.Component;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lists and changes the apps of a server: for the API of operators, and for the console. Any
/// thread that may block.
public final class AppDesk {

  /// Apps of one page.
  public static final int MAX_LIMIT = 1_000;

  private static final long PATIENCE_SECONDS = 10;

  /// How often a new id is tried that another app may have by chance.
  private static final int ATTEMPTS = 4;

  private static final String KEEP_PREVIOUS = "keep_previous";

  private final Supplier<@Nullable AppCatalog> catalog;

  /// @param catalog gives null if the server was started without one
  public AppDesk(Supplier<@Nullable AppCatalog> catalog) {
    this.catalog = catalog;
  }

  /// One page of apps, with what identifies them, and whether they can be changed.
  ///
  /// @param after the id of the last app of the page before; empty for the first page
  /// @param limit 1 to [#MAX_LIMIT]
  public DeskAnswer list(String after, int limit) {
    return with(
        "",
        apps -> answered("", apps.store().list(after, limit), page -> page(apps.store(), page)));
  }

  private static DeskAnswer page(AppStore store, AppStore.Page page) {
    Json.Writer out = Json.object().startArray("apps");
    for (App app : page.apps()) {
      out.startElement().field("id", app.id()).field("key", app.key());
      out.field("enabled", app.options().enabled());
      out.field("has_previous_secret", app.previousSecret() != null).endObject();
    }
    out.endArray();
    String next = page.next();
    if (next != null) {
      out.field("next", next);
    }
    Parsed<Parsed.Passed> changeable = store.checkChangeable();
    out.field("changeable", changeable instanceof Parsed.Ok);
    if (changeable instanceof Parsed.Bad<Parsed.Passed>(String reason)) {
      out.field("reason", reason);
    }
    return DeskAnswer.json(200, "", out.utf8());
  }

  /// Every option of an app, without secrets.
  public DeskAnswer show(String id) {
    return with(
        id,
        apps ->
            answered(
                id,
                apps.store().find(id),
                app -> DeskAnswer.json(200, id, json(apps, app).utf8())));
  }

  /// A new app; the answer contains its secret if that was generated.
  ///
  /// @param body options as in an entry of `apps:`; empty for an app with the defaults
  public DeskAnswer create(byte[] body) {
    return changing("", apps -> create(apps, text(body), 1));
  }

  private static DeskAnswer create(AppCatalog apps, String body, int attempt) {
    return switch (apps.format().create(body)) {
      case Parsed.Bad<AppFormat.NewApp>(String reason) -> DeskAnswer.refused(400, "", reason);
      case Parsed.Ok<AppFormat.NewApp>(AppFormat.NewApp created) -> {
        App app = created.app();
        DeskAnswer answer =
            answered(
                app.id(),
                apps.store().create(app),
                stored ->
                    DeskAnswer.json(
                        201,
                        stored.id(),
                        created.hasNewSecret() ? secret(apps, stored) : json(apps, stored).utf8()));
        boolean isRepeated =
            created.hasNewId() && answer.response().status() == 409 && attempt < ATTEMPTS;
        yield isRepeated ? create(apps, body, attempt + 1) : answer;
      }
    };
  }

  /// Changes an app by a JSON merge patch (RFC 7396).
  public DeskAnswer change(String id, byte[] body) {
    String patch = text(body);
    return changing(id, apps -> edit(apps, id, app -> apps.format().change(app, patch)));
  }

  public DeskAnswer enable(String id, boolean isEnabled) {
    return changing(
        id,
        apps ->
            edit(
                apps,
                id,
                app -> new Parsed.Ok<>(app.withOptions(app.options().withEnabled(isEnabled)))));
  }

  /// Gives an app a new secret, which the answer contains. The former one stays valid as the
  /// previous one, in place of the one that was, unless the body says `"keep_previous": false`.
  public DeskAnswer rotate(String id, byte[] body) {
    return switch (keepsPrevious(body)) {
      case Parsed.Bad<Boolean>(String reason) -> DeskAnswer.refused(400, id, reason);
      case Parsed.Ok<Boolean>(Boolean keeps) -> rotate(id, keeps);
    };
  }

  private DeskAnswer rotate(String id, boolean keepsPrevious) {
    return changing(
        id,
        apps -> {
          Secret secret = apps.format().newSecret();
          CompletionStage<Answer<App>> rotated =
              apps.store()
                  .change(
                      id,
                      app ->
                          new Parsed.Ok<>(
                              app.withSecret(secret)
                                  .withPreviousSecret(keepsPrevious ? app.secret() : null)));
          return answered(id, rotated, app -> DeskAnswer.json(200, id, secret(apps, app)));
        });
  }

  private static Parsed<Boolean> keepsPrevious(byte[] body) {
    List<String> literals = new ArrayList<>();
    try {
      if (body.length > 0) {
        Json.readObject(
            body,
            (name, value) ->
                literals.add(name.equals(KEEP_PREVIOUS) && isScalar(value) ? value.literal() : ""));
      }
    } catch (MalformedJson e) {
      return new Parsed.Bad<>(e.reason());
    }
    return literals.stream().allMatch(each -> each.equals("true") || each.equals("false"))
        ? new Parsed.Ok<>(!literals.contains("false"))
        : new Parsed.Bad<>("The body may contain " + KEEP_PREVIOUS + " only, true or false");
  }

  private static boolean isScalar(Json.Value value) {
    return !value.isObject() && !value.isArray() && !value.isString();
  }

  public DeskAnswer delete(String id) {
    return changing(
        id,
        apps ->
            answered(
                id,
                apps.store().delete(id),
                _ -> DeskAnswer.json(200, id, Json.object().field("deleted", true).utf8())));
  }

  private static DeskAnswer edit(AppCatalog apps, String id, AppStore.Edit edit) {
    return answered(
        id, apps.store().change(id, edit), app -> DeskAnswer.json(200, id, json(apps, app).utf8()));
  }

  private static Json.Writer json(AppCatalog apps, App app) {
    return Json.object()
        .json("app", apps.format().show(app))
        .field("has_previous_secret", app.previousSecret() != null);
  }

  private static byte[] secret(AppCatalog apps, App app) {
    return json(apps, app).field("secret", app.secret().reveal()).utf8();
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// A change of apps that can be changed: what is wrong with the body of another does not matter.
  private DeskAnswer changing(String id, Function<AppCatalog, DeskAnswer> work) {
    return with(
        id,
        apps ->
            apps.store().checkChangeable() instanceof Parsed.Bad<Parsed.Passed>(String reason)
                ? DeskAnswer.refused(409, id, reason)
                : work.apply(apps));
  }

  private DeskAnswer with(String id, Function<AppCatalog, DeskAnswer> work) {
    AppCatalog apps = catalog.get();
    return apps == null
        ? DeskAnswer.refused(503, id, "This server was not started from a configuration")
        : work.apply(apps);
  }

  private static <T> DeskAnswer answered(
      String id, CompletionStage<Answer<T>> stage, Function<T, DeskAnswer> done) {
    return switch (await(stage)) {
      case Answer.Done<T>(T value) -> done.apply(value);
      case Answer.NotFound<T> _ -> DeskAnswer.refused(404, id, "Unknown app id " + id);
      case Answer.Conflict<T>(String reason) -> DeskAnswer.refused(409, id, reason);
      case Answer.Invalid<T>(String reason) -> DeskAnswer.refused(400, id, reason);
      case Answer.Unavailable<T>(String reason) -> {
        DeskAnswer refused = DeskAnswer.refused(503, id, "The apps cannot be reached: " + reason);
        yield new DeskAnswer(id, refused.response().withHeader("Retry-After", "1"));
      }
    };
  }

  private static <T> Answer<T> await(CompletionStage<Answer<T>> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return new Answer.Unavailable<>("no answer within " + PATIENCE_SECONDS + " seconds");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unavailable<>("the server is shutting down");
    } catch (ExecutionException e) {
      Component.API.logger().error("the store of the apps failed", e.getCause());
      return new Answer.Unavailable<>("the store has failed; the server's log has the details");
    }
  }
}
