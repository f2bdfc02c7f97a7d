package dev.fanfare.history;

import org.jspecify.annotations.Nullable;

/// What is known about a subscriber when the replay for it is decided.
///
/// @param rewind what its server asks for; null for what the rule says
/// @param traits by which it may be recognised when it comes back
public record ReplayRequest(@Nullable Rewind rewind, Traits traits) {}
