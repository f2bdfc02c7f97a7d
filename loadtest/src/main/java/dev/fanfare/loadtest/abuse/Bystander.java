package dev.fanfare.loadtest.abuse;

import java.io.IOException;

/// A well-behaved client with a thread. What it does is repeated until the scene stops: after a
/// failure it reports that and connects again.
interface Bystander {

  /// What is reported if [#live] fails, such as `a subscriber was disconnected`.
  String failure();

  /// Connects and works until the scene stops or something fails. Blocks.
  void live() throws IOException;
}
