package dev.fanfare.doctor.wire;

import dev.fanfare.app.Secret;
import org.jspecify.annotations.Nullable;

/// The app that the doctor connects to.
///
/// @param id null if unknown; then nothing is published
/// @param key empty if unknown; then every step that needs one is skipped
/// @param secret null if unknown; then nothing is signed
public record AppCredentials(@Nullable String id, String key, @Nullable Secret secret) {

  public static final AppCredentials NONE = new AppCredentials(null, "", null);

  public boolean hasKey() {
    return !key.isEmpty();
  }

  /// The key, or a text that is no key.
  public String anyKey() {
    return hasKey() ? key : "unknown-key";
  }
}
