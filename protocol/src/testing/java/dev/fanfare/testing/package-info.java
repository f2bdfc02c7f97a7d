/// Test infrastructure. What the tests of both server and load test use is in the folder
/// `protocol/src/testing/java`, which both modules compile with their tests.
@NullMarked
package dev.fanfare.testing;

import org.jspecify.annotations.NullMarked;
