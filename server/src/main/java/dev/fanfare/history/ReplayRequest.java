package dev.fanfare.history;

import org.jspecify.annotations.Nullable;

/// What is known about a subscriber when the replay for it is decided.
///
/// @param rewind what its server asks for; null for what the rule says
/// @param identity by which it is recognised when it comes back; null if it is not
public record ReplayRequest(@Nullable Rewind rewind, @Nullable Identity identity) {}
