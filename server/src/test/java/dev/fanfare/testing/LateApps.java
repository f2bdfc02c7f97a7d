package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Apps in a store that answers when the test says so.
public final class LateApps implements Apps {

  /// A look-up without an answer.
  ///
  /// @param name the key or id
  public record Question(String name, CompletableFuture<Lookup.Settled> answer) {}

  private final LiveApp app;
  private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();

  public LateApps(App app) {
    this.app = new LiveApp(app);
  }

  /// The app that the store has.
  public LiveApp app() {
    return app;
  }

  /// The oldest look-up that [#next] has not returned yet.
  public Question next() {
    try {
      Question question = questions.poll(10, TimeUnit.SECONDS);
      if (question == null) {
        throw new AssertionError("nothing is looked up");
      }
      return question;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Lookup ask(String name) {
    Question question = new Question(name, new CompletableFuture<>());
    questions.add(question);
    return new Lookup.Later(question.answer);
  }

  @Override
  public Lookup byKey(String key) {
    return ask(key);
  }

  @Override
  public Lookup byId(String id) {
    return ask(id);
  }

  @Override
  public @Nullable App known(String id) {
    return null;
  }

  @Override
  public @Nullable App knownByKey(String key) {
    return null;
  }

  @Override
  public Collection<App> known() {
    return List.of();
  }
}
