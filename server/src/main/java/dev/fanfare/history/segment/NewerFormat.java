package dev.fanfare.history.segment;

import java.io.IOException;
import java.nio.file.Path;

/// A file that a newer version of Fanfare has written. It is neither read nor changed.
public final class NewerFormat extends IOException {

  private static final long serialVersionUID = 1;

  private NewerFormat(String problem) {
    super(problem);
  }

  /// Compares how a file begins with how this version writes it: seven characters, and a byte with
  /// the version of the format.
  ///
  /// @param known what this version writes and reads
  /// @return false if it is another kind of file
  /// @throws NewerFormat if only the version is higher; its message names the file and both
  ///   versions
  static boolean check(Path path, long found, long known) throws NewerFormat {
    boolean isKind = found >>> Byte.SIZE == known >>> Byte.SIZE;
    if (isKind && (found & 0xff) > (known & 0xff)) {
      throw new NewerFormat(
          path
              + " was written by a newer version of Fanfare (format "
              + (found & 0xff)
              + "; this one reads formats up to "
              + (known & 0xff)
              + ")");
    }
    return found == known;
  }
}
