package dev.fanfare.console.act;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configuration of a running server, for people: without secrets.
///
/// @param yaml as last read, like `fanfare config print`
/// @param sources of each value
/// @param restart options whose newest values take effect after a restart only
/// @param file null if there is none
public record ConfigView(
    String yaml, List<Origin> sources, List<String> restart, @Nullable OfFile file) {

  public ConfigView {
    sources = List.copyOf(sources);
    restart = List.copyOf(restart);
  }

  /// Where a value is from.
  ///
  /// @param key such as `server.port`
  /// @param source such as `file fanfare.yaml:3:9`, `variable FANFARE_PORT` or `default`
  public record Origin(String key, String source) {}

  /// The file on the disk.
  ///
  /// @param differences from what was last read, or what is wrong with it
  public record OfFile(String path, List<String> differences) {

    public OfFile {
      differences = List.copyOf(differences);
    }
  }
}
