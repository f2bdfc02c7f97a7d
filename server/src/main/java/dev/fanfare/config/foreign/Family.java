package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.Option;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Written;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The configuration names of another server.
///
/// @param server the server's name
/// @param prefix of its variables
/// @param aliases the names that have a counterpart here; of two for the same option the first that
///   is set wins
/// @param presumed fixed behaviour of that server which its clients and proxies rely on
/// @param engine names of what joins its nodes
/// @param unsupported settings that this server must not ignore
/// @param idle names without a counterpart; the first match wins
@RecordBuilder
record Family(
    String server,
    String prefix,
    List<Alias> aliases,
    List<Presumed> presumed,
    List<EngineName> engine,
    List<Unsupported> unsupported,
    List<Idle> idle) {

  /// A server option that defaults to what the other server does, whenever one of its names is
  /// used. A file and variables of ours override it.
  ///
  /// @param value as our variable would hold it
  record Presumed(Option<?> option, String value) {}

  /// A setting without which the other server behaved differently in a way that loses events or
  /// apps. Any other than the harmless values stops the start.
  ///
  /// @param variable without the prefix
  /// @param path in that server's JSON file; null if it has none
  /// @param harmless values, in lower case, that mean what this server does anyway
  /// @param reason what is missing and what to do, to follow "is not supported:"
  record Unsupported(String variable, @Nullable String path, Set<String> harmless, String reason) {

    boolean accepts(String value) {
      return harmless.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /// Reports a value that is not harmless.
    ///
    /// @param name the setting as the operator spelled it
    void check(String name, Written.Scalar written, Problems problems) {
      if (!accepts(written.text())) {
        String text = name + " is " + written.described() + ", which is not supported: " + reason;
        problems.error(written.source(), text);
      }
    }
  }

  /// Names without a counterpart.
  ///
  /// @param form a name without the prefix, or the beginning of names, followed by `*`
  /// @param reason why, to follow "is not used:"; empty if no warning is needed
  record Idle(String form, String reason) {

    boolean fits(String rest) {
      return form.endsWith("*")
          ? rest.startsWith(form.substring(0, form.length() - 1))
          : rest.equals(form);
    }
  }

  /// The name of an alias in the environment; its path if only a file can hold it.
  String name(Alias alias) {
    String path = alias.path();
    return alias.variable().isEmpty() && path != null ? path : prefix + alias.variable();
  }

  /// The entry of a variable without counterpart; null if that server does not know it either.
  @Nullable Idle idle(String name) {
    String rest = name.substring(prefix.length());
    return idle.stream().filter(each -> each.fits(rest)).findFirst().orElse(null);
  }

  /// The unsupported setting with this name in the environment or path in a file, or null.
  @Nullable Unsupported unsupported(String name) {
    return unsupported.stream()
        .filter(each -> name.equals(prefix + each.variable()) || name.equals(each.path()))
        .findFirst()
        .orElse(null);
  }

  /// True if that server has a variable of this name.
  boolean knows(String name) {
    return aliases.stream().anyMatch(alias -> name(alias).equals(name))
        || engine.stream().anyMatch(each -> each.variable().equals(name))
        || unsupported(name) != null
        || idle(name) != null;
  }

  /// How that server spells one of our options.
  String spell(Alias.Part part, Option<?> option) {
    return aliases.stream()
        .filter(alias -> alias.part() == part && alias.sets(option))
        .findFirst()
        .map(this::name)
        .orElse(part.ours(option));
  }
}
