package dev.fanfare.app;

import dev.fanfare.protocol.Parsed;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The apps in memory, which are changed elsewhere: in a file, for example. Any thread.
public final class ReadOnlyStore implements AppStore {

  /// Numbers in their order, since most ids are.
  private static final Comparator<String> BY_ID =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private final Apps apps;
  private final String reason;

  /// @param reason why nothing can be changed here, and where it can
  public ReadOnlyStore(Apps apps, String reason) {
    this.apps = apps;
    this.reason = reason;
  }

  @Override
  public Parsed<Parsed.Passed> checkChangeable() {
    return new Parsed.Bad<>(reason);
  }

  @Override
  public CompletionStage<Answer<Page>> list(String after, int limit) {
    return CompletableFuture.completedFuture(new Answer.Done<>(page(apps.known(), after, limit)));
  }

  /// The part of `apps` with the ids behind `after`, in their order.
  ///
  /// @param after empty for the first part
  public static Page page(Collection<App> apps, String after, int limit) {
    List<App> rest =
        apps.stream()
            .filter(app -> after.isEmpty() || BY_ID.compare(app.id(), after) > 0)
            .sorted(Comparator.comparing(App::id, BY_ID))
            .limit(limit + 1L)
            .toList();
    return rest.size() <= limit
        ? new Page(rest, null)
        : new Page(rest.subList(0, limit), rest.get(limit - 1).id());
  }

  @Override
  public CompletionStage<Answer<App>> find(String id) {
    App found = apps.known(id);
    return CompletableFuture.completedFuture(
        found == null ? new Answer.NotFound<>() : new Answer.Done<>(found));
  }

  @Override
  public CompletionStage<Answer<App>> create(App app) {
    return refused();
  }

  @Override
  public CompletionStage<Answer<App>> change(String id, Edit edit) {
    return refused();
  }

  @Override
  public CompletionStage<Answer<App>> delete(String id) {
    return refused();
  }

  private CompletionStage<Answer<App>> refused() {
    return CompletableFuture.completedFuture(new Answer.Conflict<>(reason));
  }
}
