package dev.fanfare.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Apps of a file can be listed, and not changed.
final class ReadOnlyStoreTest {

  private static final String REASON =
      "the apps are defined in fanfare.yaml; change them there and reload";

  private final AppStore store = new ReadOnlyStore(apps("10", "9", "1", "a", "100"), REASON);

  private static CurrentApps apps(String... ids) {
    List<App> apps = Stream.of(ids).map(ReadOnlyStoreTest::app).toList();
    return new CurrentApps(apps, _ -> {});
  }

  private static App app(String id) {
    return new App(id, "key" + id, new Secret("s"), AppOptions.DEFAULTS, Limits.HOSTED);
  }

  @Test
  void pagesContainEachAppOnceInTheOrderOfTheirIds() {
    List<String> ids = new ArrayList<>();
    String after = "";
    while (after != null) {
      AppStore.Page page = done(store.list(after, 2).toCompletableFuture().join());
      page.apps().forEach(app -> ids.add(app.id()));
      assertThat(page.apps()).hasSizeLessThanOrEqualTo(2);
      after = page.next();
    }
    assertThat(ids).containsExactly("1", "9", "a", "10", "100");
  }

  @Test
  void aPageMayBeginBehindAnAppThatIsGone() {
    AppStore.Page page = done(store.list("5", 10).toCompletableFuture().join());
    assertThat(page.apps()).extracting(App::id).containsExactly("9", "a", "10", "100");
    assertThat(page.next()).isNull();
  }

  @Test
  void anAppIsFoundByItsId() {
    assertThat(done(store.find("9").toCompletableFuture().join()).key()).isEqualTo("key9");
    assertThat(store.find("8").toCompletableFuture().join())
        .isEqualTo(new AppStore.Answer.NotFound<App>());
  }

  @Test
  void changesAreRefusedWithThePlaceWhereTheyCanBeMade() {
    AppStore.Answer<App> refused = new AppStore.Answer.Conflict<>(REASON);
    assertThat(store.checkChangeable()).isEqualTo(new Parsed.Bad<Parsed.Passed>(REASON));
    assertThat(store.create(app("7")).toCompletableFuture().join()).isEqualTo(refused);
    assertThat(store.change("9", Parsed.Ok::new).toCompletableFuture().join()).isEqualTo(refused);
    assertThat(store.delete("9").toCompletableFuture().join()).isEqualTo(refused);
  }

  private static <T> T done(AppStore.Answer<T> answer) {
    assertThat(answer).isInstanceOf(AppStore.Answer.Done.class);
    return ((AppStore.Answer.Done<T>) answer).value();
  }
}
