package dev.fanfare.cost;

import dev.fanfare.FanfareServer;
import dev.fanfare.app.App;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Prints what the most expensive requests of strangers cost the server, in CPU microseconds of its
/// own threads, beside an honest request at the same entrance. Nothing is limited here, so that the
/// cost of each is seen. Run it with
///
///     mvn -q -DskipTests -Pquick,costs -Dexec.skip=false verify -pl server -am
public final class RequestCosts {

  private static final int TIMES = 500;

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
      List<Attempt> attempts = new ArrayList<>(new ApiAttempts(node).all());
      attempts.addAll(new UpgradeAttempts(node).all());
      attempts.addAll(new MessageAttempts(node).all());
      print(attempts);
    }
  }

  private static void print(List<Attempt> attempts) throws IOException {
    System.out.println("| entrance | request | CPU µs | times the honest one |");
    System.out.println("|---|---|---|---|");
    double honest = 0;
    String entrance = "";
    for (Attempt attempt : attempts) {
      double micros = attempt.micros(TIMES);
      honest = attempt.entrance().equals(entrance) ? honest : micros;
      entrance = attempt.entrance();
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
