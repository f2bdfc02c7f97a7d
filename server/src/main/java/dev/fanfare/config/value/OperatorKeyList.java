package dev.fanfare.config.value;

import dev.fanfare.app.Secret;
import dev.fanfare.http.operator.OperatorKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The keys of operators: a list of mappings, or a text with one `name:key:secret` per line.
/// Secrets are not repeated.
public record OperatorKeyList() implements Kind<List<OperatorKey>> {

  private static final NameText NAME = new NameText();
  private static final SecretText SECRET = new SecretText(true);
  private static final SecretFile SECRET_FILE = new SecretFile(true);
  private static final int PARTS = 3;

  @Override
  public String label() {
    return "LIST";
  }

  @Override
  public String allowed() {
    return "a list of keys, each with `name`, `key`, and `secret` or `secret_file`; a variable has"
        + " one `name:key:secret` per line";
  }

  @Override
  public @Nullable List<OperatorKey> parse(String text) {
    Problems problems = new Problems();
    return lines("operator_keys", text, Source.DEFAULT, problems);
  }

  @Override
  public String found(Written written) {
    return written instanceof Written.Scalar scalar && !scalar.text().isEmpty()
        ? "a text"
        : written.described();
  }

  @Override
  public @Nullable List<OperatorKey> read(String name, Written written, Problems problems) {
    return switch (written) {
      case Written.Items list -> items(name, list.items(), problems);
      case Written.Scalar(String text, Source source) -> lines(name, text, source, problems);
      case Written.Mapping _, Written.Nothing _ -> Kind.super.read(name, written, problems);
    };
  }

  private static @Nullable List<OperatorKey> lines(
      String name, String text, Source source, Problems problems) {
    List<Written> items = new ArrayList<>();
    for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      String[] parts = line.split(":", PARTS);
      if (parts.length < PARTS) {
        problems.error(source, name + " has a line that is not name:key:secret");
        return null;
      }
      items.add(
          new Written.Mapping(
              List.of(
                  entry("name", parts[0], source),
                  entry("key", parts[1], source),
                  entry("secret", parts[2], source)),
              source));
    }
    return items(name, items, problems);
  }

  private static Written.Entry entry(String key, String text, Source source) {
    return new Written.Entry(key, source, new Written.Scalar(text.strip(), source));
  }

  private static @Nullable List<OperatorKey> items(
      String name, List<Written> items, Problems problems) {
    int before = problems.errors().size();
    List<OperatorKey> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      OperatorKey each = item(name + "[" + i + "]", items.get(i), problems);
      if (each != null) {
        all.add(each);
        if (!names.add(each.name())) {
          problems.error(items.get(i).source(), name + " has the name " + each.name() + " twice");
        }
        if (!keys.add(each.key())) {
          problems.error(items.get(i).source(), name + " has the key " + each.key() + " twice");
        }
      }
    }
    return problems.errors().size() == before ? List.copyOf(all) : null;
  }

  private static @Nullable OperatorKey item(String path, Written written, Problems problems) {
    if (!(written instanceof Written.Mapping mapping)) {
      problems.error(
          written.source(), path + " must be a mapping with name, key, and secret or secret_file");
      return null;
    }
    String name = null;
    String key = null;
    Secret secret = null;
    Set<String> given = new HashSet<>();
    for (Written.Entry entry : mapping.entries()) {
      String spelled = path + "." + entry.key();
      given.add(entry.key());
      switch (entry.key()) {
        case "name" -> name = NAME.read(spelled, entry.value(), problems);
        case "key" -> key = NAME.read(spelled, entry.value(), problems);
        case "secret" -> secret = SECRET.read(spelled, entry.value(), problems);
        case "secret_file" -> secret = SECRET_FILE.read(spelled, entry.value(), problems);
        default -> problems.unknown(entry.source(), spelled, null);
      }
    }
    for (String each : List.of("name", "key")) {
      if (!given.contains(each)) {
        problems.error(written.source(), path + "." + each + " is missing");
      }
    }
    if (given.contains("secret") == given.contains("secret_file")) {
      problems.error(
          written.source(),
          path
              + (given.contains("secret")
                  ? " has secret and secret_file; keep one of them"
                  : ".secret is missing"));
    }
    return name == null || key == null || secret == null
        ? null
        : new OperatorKey(name, key, secret);
  }

  @Override
  public String show(List<OperatorKey> value) {
    return value.stream()
        .map(each ->
            "{name: "
                + Yaml.scalar(each.name())
                + ", key: "
                + Yaml.scalar(each.key())
                + ", secret: "
                + Yaml.scalar(each.secret().toString())
                + "}")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
