package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.app.AppStore;
import dev.fanfare.app.ReadOnlyStore;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Apps that can be changed, in memory: what a database is to a server. Thread-safe.
public final class MemoryAppStore implements AppStore {

  private final Consumer<List<App>> onChange;
  private final List<App> apps; // guarded by this
  private @Nullable String outage; // guarded by this

  /// @param onChange gets all apps after a change, and applies them
  public MemoryAppStore(List<App> apps, Consumer<List<App>> onChange) {
    this.apps = new ArrayList<>(apps);
    this.onChange = onChange;
  }

  /// Answers nothing but this reason from now on; null ends that.
  public synchronized void fail(@Nullable String reason) {
    outage = reason;
  }

  @Override
  public Parsed<Parsed.Passed> checkChangeable() {
    return Parsed.PASSED;
  }

  @Override
  public synchronized CompletionStage<Answer<Page>> list(String after, int limit) {
    return outage == null
        ? answer(new Answer.Done<>(ReadOnlyStore.page(apps, after, limit)))
        : answer(new Answer.Unavailable<>(outage));
  }

  @Override
  public synchronized CompletionStage<Answer<App>> find(String id) {
    return change(id, Parsed.Ok::new);
  }

  @Override
  public synchronized CompletionStage<Answer<App>> create(App app) {
    if (outage != null) {
      return answer(new Answer.Unavailable<>(outage));
    }
    for (App other : apps) {
      if (other.id().equals(app.id())) {
        return answer(new Answer.Conflict<>("another app has the id " + app.id()));
      }
    }
    return stored(app, -1);
  }

  @Override
  public synchronized CompletionStage<Answer<App>> change(String id, Edit edit) {
    if (outage != null) {
      return answer(new Answer.Unavailable<>(outage));
    }
    int at = apps.stream().map(App::id).toList().indexOf(id);
    if (at < 0) {
      return answer(new Answer.NotFound<>());
    }
    return switch (edit.of(apps.get(at))) {
      case Parsed.Bad<App>(String reason) -> answer(new Answer.Invalid<>(reason));
      case Parsed.Ok<App>(App changed) -> stored(changed, at);
    };
  }

  /// @param at its place; -1 for a new one
  private CompletionStage<Answer<App>> stored(App app, int at) {
    for (int i = 0; i < apps.size(); i++) {
      if (i != at && apps.get(i).key().equals(app.key())) {
        return answer(new Answer.Conflict<>("another app has the key " + app.key()));
      }
    }
    if (at < 0) {
      apps.add(app);
    } else if (apps.get(at).equals(app)) {
      return answer(new Answer.Done<>(app));
    } else {
      apps.set(at, app);
    }
    onChange.accept(List.copyOf(apps));
    return answer(new Answer.Done<>(app));
  }

  @Override
  public synchronized CompletionStage<Answer<App>> delete(String id) {
    if (outage != null) {
      return answer(new Answer.Unavailable<>(outage));
    }
    for (App app : apps) {
      if (app.id().equals(id)) {
        apps.remove(app);
        onChange.accept(List.copyOf(apps));
        return answer(new Answer.Done<>(app));
      }
    }
    return answer(new Answer.NotFound<>());
  }

  private static <T> CompletionStage<Answer<T>> answer(Answer<T> answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
