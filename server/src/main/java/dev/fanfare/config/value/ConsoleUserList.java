package dev.fanfare.config.value;

import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.console.login.PasswordHash;
import dev.fanfare.console.login.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The users of the console: a list of mappings, in the configuration or in a separate file. Hashes
/// are not repeated, since passwords can be tried against them.
///
/// @param isFile true for the path of a YAML file with the list, which the layer that reads the
///   option replaces by its content
public record ConsoleUserList(boolean isFile) implements Kind<List<ConsoleUser>> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}");
  private static final Pattern APP = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Kind.Choice<Role> ROLE = new Kind.Choice<>(Role.class);

  @Override
  public String label() {
    return "FILE";
  }

  @Override
  public String allowed() {
    return isFile
        ? "the path of a YAML file with such a list"
        : "a list of users, each with `name`, `role` (viewer, operator, admin), `password_hash`,"
            + " and `apps` (ids; empty for all)";
  }

  @Override
  public @Nullable List<ConsoleUser> parse(String text) {
    return !isFile && text.isEmpty() ? List.of() : null; // as variables write no items
  }

  @Override
  public String found(Written written) {
    return written instanceof Written.Scalar scalar && !scalar.text().isEmpty()
        ? "a text"
        : written.described();
  }

  @Override
  public @Nullable List<ConsoleUser> read(String name, Written written, Problems problems) {
    if (!(written instanceof Written.Items list)) {
      return Kind.super.read(name, written, problems);
    }
    int before = problems.errors().size();
    List<ConsoleUser> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Written item : list.items()) {
      ConsoleUser user = user(name + "[" + users.size() + "]", item, problems);
      if (user != null) {
        users.add(user);
        if (!names.add(user.name())) {
          problems.error(item.source(), name + " has " + user.name() + " twice");
        }
      }
    }
    return problems.errors().size() == before ? List.copyOf(users) : null;
  }

  private static @Nullable ConsoleUser user(String path, Written written, Problems problems) {
    if (!(written instanceof Written.Mapping mapping)) {
      problems.error(
          written.source(), path + " must be a mapping with name, role and password_hash");
      return null;
    }
    String name = null;
    Role role = null;
    PasswordHash hash = null;
    List<String> apps = List.of();
    Set<String> given = new HashSet<>();
    for (Written.Entry entry : mapping.entries()) {
      given.add(entry.key());
      switch (entry.key()) {
        case "name" -> name = name(path, entry.value(), problems);
        case "role" -> role = ROLE.read(path + ".role", entry.value(), problems);
        case "password_hash" -> hash = hash(path, entry.value(), problems);
        case "apps" -> apps = apps(path, entry.value(), problems);
        default -> problems.unknown(entry.source(), path + "." + entry.key(), null);
      }
    }
    for (String key : List.of("name", "role", "password_hash")) {
      if (!given.contains(key)) {
        problems.error(written.source(), path + "." + key + " is missing");
      }
    }
    return name == null || role == null || hash == null
        ? null
        : new ConsoleUser(name, role, hash, apps);
  }

  private static @Nullable String name(String path, Written written, Problems problems) {
    String text = written instanceof Written.Scalar scalar ? scalar.text() : "";
    if (NAME.matcher(text).matches()) {
      return text;
    }
    problems.error(
        written.source(),
        path
            + ".name is "
            + written.described()
            + ", but must be up to 100 letters, digits and . _ @ -");
    return null;
  }

  private static @Nullable PasswordHash hash(String path, Written written, Problems problems) {
    PasswordHash hash =
        written instanceof Written.Scalar scalar ? PasswordHash.parse(scalar.text()) : null;
    if (hash == null) {
      problems.error(
          written.source(),
          path
              + ".password_hash is a value that is not shown here, but must be what `fanfare"
              + " console hash` prints: $argon2id$v=19$…");
    }
    return hash;
  }

  private static List<String> apps(String path, Written written, Problems problems) {
    List<String> apps = new ArrayList<>();
    boolean isList = written instanceof Written.Items;
    if (written instanceof Written.Items list) {
      for (Written item : list.items()) {
        String id = item instanceof Written.Scalar scalar ? scalar.text() : "";
        isList &= APP.matcher(id).matches();
        apps.add(id);
      }
    }
    if (!isList && !(written instanceof Written.Nothing)) {
      problems.error(written.source(), path + ".apps must be a list of app ids");
    }
    return apps;
  }

  @Override
  public String show(List<ConsoleUser> value) {
    return value.stream()
        .map(user ->
            "{name: "
                + Yaml.scalar(user.name())
                + ", role: "
                + user.role().text()
                + ", password_hash: "
                + Yaml.scalar(user.hash().toString())
                + ", apps: "
                + user.apps().stream().map(Yaml::scalar).collect(Collectors.joining(", ", "[", "]"))
                + "}")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
