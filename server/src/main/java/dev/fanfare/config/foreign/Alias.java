package dev.fanfare.config.foreign;

import dev.fanfare.config.layer.Environment;
import dev.fanfare.config.schema.Option;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/// Another server's name for one of our options.
///
/// @param variable without the prefix of its family; empty if only a file can hold it
/// @param path in that server's JSON file, for all apps; null if it has none
/// @param appKey in an app of that server's JSON file; null if it has none
/// @param option our option; null for the endpoints of an app's webhooks
/// @param assumed that server's default, as it would be written there; null to use our own
/// @param only it counts only if this is switched on; null for always
/// @param refines it replaces the value of an alias for the same option, unless that one is 0
@RecordBuilder
record Alias(
    String variable,
    @Nullable String path,
    @Nullable String appKey,
    Part part,
    @Nullable Option<?> option,
    Conversion conversion,
    @Nullable String assumed,
    @Nullable Option<Boolean> only,
    boolean refines)
    implements AliasBuilder.With {

  /// Which section an option belongs to.
  enum Part {
    SERVER(Environment.PREFIX),
    WEBHOOKS(Environment.WEBHOOKS),
    APP(Environment.APP);

    private final String prefix;

    Part(String prefix) {
      this.prefix = prefix;
    }

    /// Our variable for an option of this section.
    String ours(Option<?> option) {
      return prefix + option.variable();
    }
  }

  static Alias server(String variable, Option<?> option, Conversion conversion) {
    return of(variable, Part.SERVER, option, conversion);
  }

  static Alias webhooks(String variable, Option<?> option, Conversion conversion) {
    return of(variable, Part.WEBHOOKS, option, conversion);
  }

  static Alias app(String variable, @Nullable Option<?> option, Conversion conversion) {
    return of(variable, Part.APP, option, conversion);
  }

  private static Alias of(
      String variable, Part part, @Nullable Option<?> option, Conversion conversion) {
    return AliasBuilder.builder()
        .variable(variable)
        .path(null)
        .appKey(null)
        .part(part)
        .option(option)
        .conversion(conversion)
        .assumed(null)
        .only(null)
        .refines(false)
        .build();
  }

  Alias path(String inFile) {
    return withPath(inFile);
  }

  Alias appKey(String inApp) {
    return withAppKey(inApp);
  }

  Alias assuming(String value) {
    return withAssumed(value);
  }

  Alias only(Option<Boolean> with) {
    return withOnly(with);
  }

  Alias refining() {
    return withRefines(true);
  }

  /// True if that server has one value for all apps, which an app may override.
  boolean isForAllApps() {
    return part == Part.APP && path != null;
  }

  /// Our own variable for it.
  String ours() {
    return option == null ? Environment.APP_WEBHOOKS + "…" : part.ours(option);
  }

  /// True if it sets this option.
  boolean sets(@Nullable Option<?> other) {
    return option != null && other != null && option.slot().equals(other.slot());
  }
}
