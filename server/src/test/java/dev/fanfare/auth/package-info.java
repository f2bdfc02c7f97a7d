/// Signature checks and the texts of their refusals.
@NullMarked
package dev.fanfare.auth;

import org.jspecify.annotations.NullMarked;
