package dev.fanfare.config.layer;

import dev.fanfare.config.schema.Option;
import dev.fanfare.config.value.ConsoleUserList;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Written;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Replaces the path of a file with the users of the console by its content.
final class UsersFile {

  private UsersFile() {}

  /// The value of an option, read from the file that it names if it is that option.
  static Written content(Option<?> option, Written written, Problems problems) {
    boolean isPath =
        option.kind() instanceof ConsoleUserList users
            && users.isFile()
            && written instanceof Written.Scalar;
    try {
      return isPath && written instanceof Written.Scalar path && !path.text().isEmpty()
          ? YamlFile.read(Path.of(path.text()), problems)
          : written;
    } catch (InvalidPathException e) {
      return written; // which is refused as no list
    }
  }
}
