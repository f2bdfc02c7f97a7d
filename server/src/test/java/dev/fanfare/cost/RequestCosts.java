package dev.fanfare.cost;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Prints what the most expensive requests of strangers cost the server, in CPU microseconds of the
/// server's threads, beside an honest request at the same entrance, the first of each group. Nothing is limited here, so that the
/// cost of each is seen. Run it with
///
///     mvn -q -DskipTests -Pquick,costs -Dexec.skip=false verify -pl server -am
public final class RequestCosts {

  private static final int TIMES = 300;
  private static final int WARM_UP = 200;

  private RequestCosts() {}

  public static void main(String... arguments) throws IOException {
    App app =
        TestNode.COMPRESSING_APP.withLimits(
            TestNode.APP
                .limits()
                .withMaxSubscriptionChangesPerSecond(0)
                .withMaxClientEventsPerSecond(0));
    try (TestNode node =
        TestNode.start(
            TestNode.options(0).withLanes(1).withReadBytesPerSecond(0),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            app)) {
      System.out.println("| entrance | request | CPU µs | times the honest one |");
      System.out.println("|---|---|---|---|");
      if (arguments.length == 0) {
        print("HTTP API", new ApiAttempts(node).all());
        print("handshake", new UpgradeAttempts(node).all());
      }
      MessageAttempts messages = new MessageAttempts(node);
      print("message", messages.small());
      print("long message", messages.large());
    }
  }

  private static void print(String entrance, List<Attempt> attempts) throws IOException {
    for (Attempt attempt : attempts) {
      var _ = attempt.micros(WARM_UP);
    }
    double honest = attempts.getFirst().micros(TIMES);
    for (Attempt attempt : attempts) {
      double micros = attempt.micros(TIMES);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.0f | %.1f |%n",
          entrance,
          attempt.name(),
          micros,
          micros / honest);
    }
  }
}
