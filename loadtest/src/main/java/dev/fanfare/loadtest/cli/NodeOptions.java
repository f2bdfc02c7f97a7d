package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that name the nodes of a cluster, and the processes of nodes or of a single server.
final class NodeOptions {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final List<String> SECURE = List.of("https", "wss");
  private static final List<String> PLAIN = List.of("http", "ws");

  @Option(
      names = "--nodes",
      paramLabel = "URL",
      split = ",",
      description =
          "All nodes of a cluster, separated by commas, instead of --host, --port and --tls:"
              + " subscribers and publishers are spread over them."
              + " Example: http://127.0.0.1:6001,http://127.0.0.1:6002.")
  private List<String> nodes = List.of();

  @Option(
      names = "--pid",
      paramLabel = "PID",
      split = ",",
      description =
          "The server's process, or those of --nodes in the same order: measures CPU time, memory"
              + " and, of a JVM, heap.")
  private List<Long> pids = List.of();

  /// The nodes, or the only server; throws a refusal if one is not a loopback address and not
  /// declared as owned.
  List<Target> targets(TargetOptions options) {
    return nodes.isEmpty()
        ? List.of(options.target())
        : nodes.stream().map(url -> node(url.strip(), options)).toList();
  }

  /// The processes, `null` if none is given.
  @Nullable ServerProcess process() {
    return pids.isEmpty() ? null : ServerProcess.of(pids);
  }

  private static Target node(String url, TargetOptions options) {
    URI parsed = parse(url);
    boolean secure = SECURE.contains(parsed.getScheme());
    String host = parsed.getHost();
    if (host == null
        || (!secure && !PLAIN.contains(parsed.getScheme()))
        || parsed.getRawPath().length() > 1) {
      throw refusal(url);
    }
    int port = parsed.getPort() >= 0 ? parsed.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
    return options.at(host.replaceAll("[\\[\\]]", ""), port).withTls(secure);
  }

  private static URI parse(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw refusal(url);
    }
  }

  private static Refusal refusal(String url) {
    return Refusal.usage(
        "--nodes: '" + url + "' is not a URL such as http://127.0.0.1:6001 or https://HOST.");
  }
}
