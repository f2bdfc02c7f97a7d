/// Signatures: who is let in, and what everyone else is told.
@NullMarked
package dev.fanfare.auth;

import org.jspecify.annotations.NullMarked;
