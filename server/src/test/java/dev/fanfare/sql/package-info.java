@NullMarked
package dev.fanfare.sql;

import org.jspecify.annotations.NullMarked;
