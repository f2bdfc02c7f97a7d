package dev.fanfare.app;

import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where apps are defined, for those who list and change them: the operators' API, the console and
/// commands. Look-ups for clients and publishers go through [Apps].
///
/// All methods return at once, on any thread, and their stages complete on any thread. A stage
/// completes exceptionally only by a fault of the store; what operators can cause is an [Answer]. A
/// stage that completes with a change completes after the change is durable, and after the look-ups
/// of this node have it.
public interface AppStore {

  /// The answer of a store.
  sealed interface Answer<T> {

    /// It was found, or done.
    record Done<T>(T value) implements Answer<T> {}

    /// There is no app with this id.
    record NotFound<T>() implements Answer<T> {}

    /// What is in the store contradicts it: another app has the id or the key, or the store cannot
    /// be changed here.
    ///
    /// @param reason for the operator, without a full stop
    record Conflict<T>(String reason) implements Answer<T> {}

    /// The app that should be stored is not valid, or has what this store cannot hold.
    ///
    /// @param reason for the operator, without a full stop
    record Invalid<T>(String reason) implements Answer<T> {}

    /// The store cannot be reached now; whether a change was made is not known.
    ///
    /// @param reason for the operator, without a full stop
    record Unavailable<T>(String reason) implements Answer<T> {}
  }

  /// Some of the apps.
  ///
  /// @param apps in the order of the store, which is the same for all pages
  /// @param next what to continue after: the id of the last app; null if there are no more
  record Page(List<App> apps, @Nullable String next) {

    public Page {
      apps = List.copyOf(apps);
    }
  }

  /// Makes an app of another one. Has no effects, and may be called more than once.
  @FunctionalInterface
  interface Edit {

    /// The changed app, which has the same id; or why it cannot be, for the operator.
    Parsed<App> of(App current);
  }

  /// Fails if apps cannot be changed here, with the reason for a 409.
  Parsed<Parsed.Passed> checkChangeable();

  /// Some of the apps, disabled ones too.
  ///
  /// @param after the id of the app that the page begins behind, which may be gone; empty for the
  ///   first page
  /// @param limit at least 1
  CompletionStage<Answer<Page>> list(String after, int limit);

  /// The app with this id, as stored: a change that this node does not know yet is in it.
  CompletionStage<Answer<App>> find(String id);

  /// Stores a new app.
  CompletionStage<Answer<App>> create(App app);

  /// Changes an app, which nothing else changes meanwhile. The stored one is the answer.
  CompletionStage<Answer<App>> change(String id, Edit edit);

  /// Deletes an app: its connections end as those of an app that a reload has removed. The answer
  /// is the deleted one.
  CompletionStage<Answer<App>> delete(String id);
}
