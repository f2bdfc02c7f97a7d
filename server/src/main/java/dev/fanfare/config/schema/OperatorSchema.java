package dev.fanfare.config.schema;

import dev.fanfare.config.value.OperatorKeyList;
import dev.fanfare.http.operator.OperatorKey;
import java.util.List;

/// Who may list and change apps: a key below `server:`, and the variable `FANFARE_OPERATOR_KEYS`.
public final class OperatorSchema {

  static final Option<List<OperatorKey>> OPERATOR_KEYS =
      Option.of(
          "operator_keys",
          new OperatorKeyList(),
          List.of(),
          "Who may list and change apps over the [operator API](operator-api.md). Empty: no one.");

  static final List<Option<?>> ALL = List.of(OPERATOR_KEYS);

  private OperatorSchema() {}

  public static List<OperatorKey> keys(Section server) {
    return server.get(OPERATOR_KEYS);
  }
}
