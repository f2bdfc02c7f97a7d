package dev.fanfare.console;

import dev.fanfare.observe.Peer;

/// A client for tests of rows.
final class RowsOfPeers {

  static final Peer PEER =
      new Peer() {
        @Override
        public String socketId() {
          return "1.2";
        }

        @Override
        public String address() {
          return "192.0.2.1:5";
        }
      };

  private RowsOfPeers() {}
}
