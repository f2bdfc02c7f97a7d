/// The API of operators: who they are, and how they list and change apps.
///
/// May import: `protocol`, `app`, `observe`, `auth`, `http`.
@NullMarked
package dev.fanfare.http.operator;

import org.jspecify.annotations.NullMarked;
