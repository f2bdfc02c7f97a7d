package dev.fanfare.doctor;

import dev.fanfare.app.Secret;
import org.jspecify.annotations.Nullable;

/// Whom the doctor speaks as.
///
/// @param id null if it is not known; then nothing is published
/// @param secret null if it is not known; then nothing is signed
public record AppCredentials(@Nullable String id, String key, @Nullable Secret secret) {}
