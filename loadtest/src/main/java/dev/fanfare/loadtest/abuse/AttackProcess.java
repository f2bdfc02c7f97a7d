package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.attack.Tally;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.plan.TargetBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The program of the attackers. Reads one line per siege from its standard input and writes one
/// line of totals to its standard output; exits at the end of the input. The first line names the
/// target, on the input rather than the command line because it contains a secret.
public final class AttackProcess {

  private static final String NO_METRICS = "-";

  private AttackProcess() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String first = in.readLine();
    if (first == null) {
      return;
    }
    String[] fields = first.split("\t", -1);
    Target target = target(fields);
    InetSocketAddress metrics =
        fields[7].equals(NO_METRICS)
            ? null
            : new InetSocketAddress(fields[7], Integer.parseInt(fields[8]));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] order = line.split("\t", -1);
      Siege siege = new Siege(target, metrics);
      Tally.Totals totals =
          siege.run(
              AttackCatalog.kind(order[0]), Integer.parseInt(order[1]), Long.parseLong(order[2]));
      System.out.println(totals.line());
      System.out.flush();
    }
  }

  /// The first line.
  ///
  /// @param metrics host and port of the metrics, `null` if they are not to be attacked
  public static String firstLine(Target target, @Nullable Target metrics) {
    return String.join(
        "\t",
        List.of(
            target.host(),
            Integer.toString(target.port()),
            Boolean.toString(target.tls()),
            Boolean.toString(target.insecure()),
            target.appId(),
            target.key(),
            target.secret(),
            metrics == null ? NO_METRICS : metrics.host(),
            metrics == null ? "0" : Integer.toString(metrics.port())));
  }

  /// The line that starts one siege.
  public static String order(AttackKind kind, int sockets, long durationNs) {
    return kind.name() + "\t" + sockets + "\t" + durationNs;
  }

  private static Target target(String[] fields) {
    return TargetBuilder.builder()
        .host(fields[0])
        .port(Integer.parseInt(fields[1]))
        .tls(Boolean.parseBoolean(fields[2]))
        .insecure(Boolean.parseBoolean(fields[3]))
        .appId(fields[4])
        .key(fields[5])
        .secret(fields[6])
        .build();
  }
}
