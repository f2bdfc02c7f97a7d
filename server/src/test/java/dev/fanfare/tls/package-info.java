/// Certificates and their keys, as files hold them.
@NullMarked
package dev.fanfare.tls;

import org.jspecify.annotations.NullMarked;
