/// Apps in a table of PostgreSQL, MySQL or MariaDB.
///
/// [Directory] is the look-up: memory first, then one query for all that is not there. It knows a
/// table only as [AppTable], which [JdbcTable] is. [DirectoryThread] drives both. Loaded only with
/// `apps_from`.
///
/// May import: everything below it. HikariCP, and the drivers by their names.
@NullMarked
package dev.fanfare.sql;

import org.jspecify.annotations.NullMarked;
