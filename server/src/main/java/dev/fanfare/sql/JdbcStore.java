package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.app.AppStore;
import dev.fanfare.protocol.Parsed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Changes rows of the table. One change at a time, each in a transaction on a virtual thread, so
/// that look-ups keep the other connections. Any thread.
final class JdbcStore implements AppStore {

  /// What is done with a connection, whose transaction is committed if the answer is
  /// [AppStore.Answer.Done].
  private interface Work<T> {
    Answer<T> with(Connection connection) throws SQLException;
  }

  /// Classes of errors, which the databases share: a value that a column cannot hold, and a row
  /// that is there already.
  private static final String VALUE = "22";

  private static final String UNIQUENESS = "23";

  private final JdbcTable table;
  private final RowForm form;

  /// Its stage completes when the look-ups of this node have a change.
  private final Supplier<CompletableFuture<Void>> applied;

  private final Executor threads = task -> Thread.ofVirtual().name("fanfare-store").start(task);
  private final ReentrantLock turn = new ReentrantLock();

  JdbcStore(JdbcTable table, RowForm form, Supplier<CompletableFuture<Void>> applied) {
    this.table = table;
    this.form = form;
    this.applied = applied;
  }

  @Override
  public Parsed<Parsed.Passed> checkChangeable() {
    return Parsed.PASSED;
  }

  @Override
  public CompletionStage<Answer<Page>> list(String after, int limit) {
    return ask(connection -> {
      String behind = after.isEmpty() ? "" : " WHERE " + column("id") + " > ?";
      String text = select() + behind + " ORDER BY " + column("id") + " LIMIT " + (limit + 1);
      try (PreparedStatement statement = connection.prepareStatement(text)) {
        if (!after.isEmpty()) {
          statement.setString(1, after);
        }
        List<AppRow> rows = rows(statement);
        List<AppRow> shown = rows.subList(0, Math.min(limit, rows.size()));
        List<App> apps = new ArrayList<>();
        for (AppRow row : shown) {
          if (form.read(row) instanceof Parsed.Ok<App>(App app)) {
            apps.add(app); // others are in the log when they are looked up
          }
        }
        String next = rows.size() > limit ? shown.getLast().id() : null;
        return new Answer.Done<>(new Page(apps, next));
      }
    });
  }

  @Override
  public CompletionStage<Answer<App>> find(String id) {
    return ask(connection -> read(row(connection, "id", id, "")));
  }

  @Override
  public CompletionStage<Answer<App>> create(App app) {
    return changing(connection -> {
      if (row(connection, "id", app.id(), "") != null) {
        return new Answer.Conflict<>("there is an app with the id " + app.id());
      }
      Answer<App> taken = checkKey(connection, app);
      return taken != null ? taken : store(connection, app, null);
    });
  }

  @Override
  public CompletionStage<Answer<App>> change(String id, Edit edit) {
    return changing(connection -> {
      AppRow row = row(connection, "id", id, " FOR UPDATE");
      Answer<App> stored = read(row);
      if (row == null || !(stored instanceof Answer.Done<App>(App current))) {
        return stored;
      }
      return switch (edit.of(current)) {
        case Parsed.Bad<App>(String reason) -> new Answer.Invalid<>(reason);
        case Parsed.Ok<App>(App next) -> {
          Answer<App> taken = next.key().equals(current.key()) ? null : checkKey(connection, next);
          yield taken != null ? taken : store(connection, next, row);
        }
      };
    });
  }

  @Override
  public CompletionStage<Answer<App>> delete(String id) {
    return changing(connection -> {
      AppRow row = row(connection, "id", id, " FOR UPDATE");
      Answer<App> stored = read(row);
      if (row != null) {
        String text = "DELETE FROM " + name() + " WHERE " + column("id") + " = ?";
        try (PreparedStatement statement = connection.prepareStatement(text)) {
          statement.setString(1, id);
          int _ = statement.executeUpdate();
        }
      }
      return stored;
    });
  }

  private @Nullable Answer<App> checkKey(Connection connection, App app) throws SQLException {
    AppRow other = row(connection, "key", app.key(), "");
    return other == null || other.id().equals(app.id())
        ? null
        : new Answer.Conflict<>("app " + other.id() + " has the key " + app.key());
  }

  /// Inserts the app, or updates the row that it has.
  private Answer<App> store(Connection connection, App app, @Nullable AppRow row)
      throws SQLException {
    Map<String, @Nullable String> columns;
    switch (form.write(app)) {
      case Parsed.Bad(String reason) -> {
        return new Answer.Invalid<>(reason);
      }
      case Parsed.Ok(Map<String, @Nullable String> written) -> columns = written;
    }
    List<String> names = List.copyOf(columns.keySet());
    String text =
        row == null
            ? "INSERT INTO "
                + name()
                + " ("
                + names.stream().map(this::column).collect(Collectors.joining(", "))
                + ") VALUES ("
                + String.join(", ", Collections.nCopies(names.size(), "?"))
                + ")"
            : "UPDATE "
                + name()
                + " SET "
                + names.stream()
                    .map(each -> column(each) + " = ?")
                    .collect(Collectors.joining(", "))
                + " WHERE "
                + column("id")
                + " = ?";
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      int index = 1;
      for (String each : names) {
        statement.setString(index++, columns.get(each));
      }
      if (row != null) {
        statement.setString(index, row.id());
      }
      int _ = statement.executeUpdate();
    }
    return read(row(connection, "id", app.id(), ""));
  }

  private Answer<App> read(@Nullable AppRow row) {
    if (row == null) {
      return new Answer.NotFound<>();
    }
    return switch (form.read(row)) {
      case Parsed.Ok<App>(App app) -> new Answer.Done<>(app);
      case Parsed.Bad<App>(String reason) ->
          new Answer.Conflict<>("the row of app " + row.id() + " is not valid: " + reason);
    };
  }

  /// The row with this value; of several, the one with the lowest id.
  private @Nullable AppRow row(Connection connection, String column, String value, String suffix)
      throws SQLException {
    String text = select() + " WHERE " + column(column) + " = ?" + suffix;
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      statement.setString(1, value);
      return rows(statement).stream()
          .filter(row -> value.equals(row.get(column))) // where the database ignores case
          .reduce((a, b) -> a.precedes(b) ? a : b)
          .orElse(null);
    }
  }

  private static List<AppRow> rows(PreparedStatement statement) throws SQLException {
    try (ResultSet results = statement.executeQuery()) {
      return JdbcTable.rows(results);
    }
  }

  private String select() {
    return "SELECT * FROM " + name();
  }

  private String name() {
    return table.dialect().quoted(table.options().effectiveTable());
  }

  private String column(String name) {
    return table.dialect().quoted(name);
  }

  private <T> CompletionStage<Answer<T>> ask(Work<T> work) {
    return CompletableFuture.supplyAsync(() -> attempt(work), threads);
  }

  private CompletionStage<Answer<App>> changing(Work<App> work) {
    return ask(work)
        .thenCompose(answer ->
            answer instanceof Answer.Done
                ? applied.get().thenApply(_ -> answer)
                : CompletableFuture.completedFuture(answer));
  }

  private <T> Answer<T> attempt(Work<T> work) {
    turn.lock();
    try (Connection connection = table.connection()) {
      connection.setAutoCommit(false);
      Answer<T> answer = work.with(connection);
      if (answer instanceof Answer.Done) {
        connection.commit();
      } else {
        connection.rollback();
      }
      return answer;
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      String message = String.valueOf(JdbcTable.failure(e).getMessage());
      if (state.startsWith(VALUE)) {
        return new Answer.Invalid<>(message);
      }
      return state.startsWith(UNIQUENESS)
          ? new Answer.Conflict<>("another app has this id or key")
          : new Answer.Unavailable<>(message);
    } finally {
      turn.unlock();
    }
  }
}
