package dev.fanfare.config.value;

/// One error in the configuration, or one warning.
///
/// @param place where to fix it: a file with line and column, or `environment`
/// @param text a sentence: what was found, and what is allowed
public record Problem(String place, String text) {

  @Override
  public String toString() {
    return place + ": " + text;
  }
}
