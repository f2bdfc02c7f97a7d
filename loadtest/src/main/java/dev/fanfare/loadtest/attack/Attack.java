package dev.fanfare.loadtest.attack;

import java.io.IOException;

/// What one attacker does with one connection.
@FunctionalInterface
public interface Attack {

  /// Attacks once, over a new connection; is called again and again until the siege is over.
  /// Blocks. Ends with an exception when the server closes the connection, or the siege all of
  /// them.
  ///
  /// @param attacker its number, from 0
  void strike(Siege siege, int attacker) throws IOException;
}
