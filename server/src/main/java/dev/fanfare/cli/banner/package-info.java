/// What is printed at the start: [Banner] and, for a temporary app, [Snippets], with the [Address]
/// of the server.
@NullMarked
package dev.fanfare.cli.banner;

import org.jspecify.annotations.NullMarked;
