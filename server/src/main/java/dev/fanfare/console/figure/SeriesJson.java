package dev.fanfare.console.figure;

import dev.fanfare.protocol.Json;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rows of [Figures] as JSON.
public final class SeriesJson {

  private SeriesJson() {}

  /// A column of the rows.
  ///
  /// @param value null for a row that has none
  private record Column(String name, Function<Second, @Nullable Long> value) {}

  private static final List<Column> OF_APPS =
      List.of(
          new Column("t", Second::atMs),
          new Column("connections", second -> (long) second.connections()),
          new Column("publishes", Second::publishes),
          new Column("refusals", Second::refusals));

  private static final List<Column> OF_NODE =
      List.of(
          ofNode("deliveries", Second.OfNode::deliveries),
          ofNode("p50_us", node -> micros(node.p50Us())),
          ofNode("p99_us", node -> micros(node.p99Us())),
          ofNode("lag_us", node -> (long) node.lagUs()));

  private static Column ofNode(String name, Function<Second.OfNode, @Nullable Long> value) {
    return new Column(
        name,
        second -> {
          Second.OfNode node = second.node();
          return node == null ? null : value.apply(node);
        });
  }

  private static @Nullable Long micros(int us) {
    return us == Percentiles.NONE ? null : (long) us;
  }

  /// All rows: an array for each column.
  ///
  /// @param isWhole true to add the columns of the node
  public static String columns(List<Second> rows, boolean isWhole) {
    Json.Writer out = Json.object();
    for (Column column : all(isWhole)) {
      StringJoiner values = new StringJoiner(",", "[", "]");
      rows.forEach(row -> values.add(String.valueOf(column.value.apply(row))));
      out.json(column.name, values.toString());
    }
    return out.text();
  }

  /// One row: a number for each column.
  static String row(Second row) {
    Json.Writer out = Json.object();
    for (Column column : all(row.node() != null)) {
      out.json(column.name, String.valueOf(column.value.apply(row)));
    }
    return out.text();
  }

  private static List<Column> all(boolean isWhole) {
    return isWhole ? Stream.concat(OF_APPS.stream(), OF_NODE.stream()).toList() : OF_APPS;
  }
}
