package dev.fanfare.config.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Several values of one kind: a list, or one text with commas. Every wrong item of a list is
/// reported.
interface ItemList<T> extends Kind<List<T>> {

  /// The value that an item stands for, or null if it is not allowed.
  @Nullable T item(String text);

  /// What an item must be, to follow "each must be".
  String each();

  @Override
  default String label() {
    return "LIST";
  }

  /// The items of a text, stripped.
  default List<String> split(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  @Override
  default @Nullable List<T> parse(String text) {
    List<T> items = new ArrayList<>();
    for (String part : split(text)) {
      T item = item(part);
      if (item == null) {
        return null;
      }
      items.add(item);
    }
    return items;
  }

  @Override
  default @Nullable List<T> read(String name, Written written, Problems problems) {
    if (!(written instanceof Written.Items list)) {
      return Kind.super.read(name, written, problems);
    }
    List<T> items = new ArrayList<>();
    for (Written each : list.items()) {
      T item = each instanceof Written.Scalar scalar ? item(scalar.text()) : null;
      if (item == null) {
        String text = name + " has " + found(each) + ", but each must be " + each();
        problems.error(each.source(), text);
      } else {
        items.add(item);
      }
    }
    return items.size() == list.items().size() ? items : null;
  }

  @Override
  default String show(List<T> value) {
    return value.stream()
        .map(item -> Yaml.scalar(String.valueOf(item)))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
