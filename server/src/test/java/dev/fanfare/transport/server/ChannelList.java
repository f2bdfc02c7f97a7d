package dev.fanfare.transport.server;

import java.util.Locale;
import java.util.concurrent.ExecutionException;

/// Prints how long `GET /channels` occupies its lane, over a socket without a network: each task of
/// the lane is measured, in CPU time. Run it with
///
///     mvn -q -DskipTests -Pquick,rest -Dexec.skip=false -Drest=dev.fanfare.transport.server.ChannelList verify -pl server -am
///
/// Arguments: channels and requests.
public final class ChannelList {

  private static final int CHANNELS = 1_000_000;
  private static final int REQUESTS = 10;

  /// Lists of a smaller node, so that the code is compiled.
  private static final int WARMUP_REQUESTS = 2_000;

  private static final int WARMUP_CHANNELS = 20_000;

  private ChannelList() {}

  public static void main(String... arguments) throws InterruptedException, ExecutionException {
    int channels = arguments.length > 0 ? Integer.parseInt(arguments[0]) : CHANNELS;
    int requests = arguments.length > 1 ? Integer.parseInt(arguments[1]) : REQUESTS;
    try (ListedNode node = new ListedNode(WARMUP_CHANNELS)) {
      for (int i = 0; i < WARMUP_REQUESTS; i++) {
        var _ = node.list();
      }
    }
    System.out.println("| request | bytes | longest task of the lane | tasks | waits for a lock |");
    System.out.println("|---|---|---|---|---|");
    try (ListedNode node = new ListedNode(channels)) {
      var _ = node.figures();
      for (int i = 1; i <= requests; i++) {
        long bytes = node.list();
        TimedLoop.Figures figures = node.figures();
        System.out.printf(
            Locale.ROOT,
            "| %d | %d | %.0f µs | %d | %d |%n",
            i,
            bytes,
            figures.longestNs() / 1e3,
            figures.tasks(),
            figures.locks());
      }
    }
  }
}
