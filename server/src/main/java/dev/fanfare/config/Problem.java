package dev.fanfare.config;

/// One thing that is wrong with the configuration, or doubtful.
///
/// @param place what a person opens to mend it: a file with line and column, or `environment`
/// @param text a sentence: what was found, and what is allowed
public record Problem(String place, String text) {

  @Override
  public String toString() {
    return place + ": " + text;
  }
}
