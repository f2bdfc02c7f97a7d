package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs rows in order, the rounds of a row interleaved over the servers: A B, A B, A B. Servers are
/// started for each row and stopped after it. Blocks the calling thread.
public final class Rounds {

  private final List<ComparedServer> contenders;
  private final int rounds;
  private final int basePort;
  private final String serverCpus;
  private final Run run;
  private final Interruption interruption;

  /// Runs one load against one server.
  @FunctionalInterface
  public interface Run {
    /// Runs it and returns the result; blocks.
    ///
    /// @param pid 0 if unknown
    RunResult run(Row row, String server, String host, int port, long pid);
  }

  /// @param serverCpus the cores started servers may use, as taskset writes them; empty for all
  /// @param interruption ends a row early, with the rounds that are complete
  public Rounds(
      List<ComparedServer> contenders,
      int rounds,
      int basePort,
      String serverCpus,
      Run run,
      Interruption interruption) {
    this.contenders = List.copyOf(contenders);
    this.rounds = rounds;
    this.basePort = basePort;
    this.serverCpus = serverCpus;
    this.run = run;
    this.interruption = interruption;
  }

  /// Runs all rounds of a row. After an interruption the line has the complete rounds only; it is
  /// empty if not every server had a result.
  public Optional<Comparison.Line> line(Row row) {
    List<LaunchedServer> launched = new ArrayList<>();
    try {
      List<ComparedServer.Running> servers = new ArrayList<>();
      for (ComparedServer contender : contenders) {
        servers.add(start(contender, basePort + contenders.indexOf(contender), launched));
      }
      return line(row, servers);
    } finally {
      launched.forEach(LaunchedServer::close);
    }
  }

  private ComparedServer.Running start(
      ComparedServer contender, int port, List<LaunchedServer> launched) {
    return switch (contender) {
      case ComparedServer.Running running -> running;
      case ComparedServer.Launched command -> {
        LaunchedServer server = LaunchedServer.start(command, port, serverCpus);
        launched.add(server);
        yield new ComparedServer.Running(command.name(), "127.0.0.1", port, server.pid());
      }
    };
  }

  private Optional<Comparison.Line> line(Row row, List<ComparedServer.Running> servers) {
    List<List<RunResult>> results = new ArrayList<>();
    servers.forEach(_ -> results.add(new ArrayList<>()));
    for (int round = 1; round <= rounds && !interruption.isRequested(); round++) {
      for (int i = 0; i < servers.size() && !interruption.isRequested(); i++) {
        run(row, servers.get(i), results.get(i), round);
      }
    }
    if (results.stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    List<RunResult> medians = new ArrayList<>();
    for (List<RunResult> each : results) {
      medians.add(Medians.of(each, row.keys().getFirst()));
    }
    return Optional.of(
        new Comparison.Line(row, medians, results.stream().flatMap(List::stream).toList()));
  }

  /// Adds the result of one run; that of an interrupted one only if there is no other.
  private void run(Row row, ComparedServer.Running server, List<RunResult> results, int round) {
    try {
      RunResult result = run.run(row, server.name(), server.host(), server.port(), server.pid());
      if (!interruption.isRequested() || results.isEmpty()) {
        results.add(Medians.marked(result, round, rounds));
      }
    } catch (Refusal e) {
      if (!interruption.isRequested()) {
        throw e;
      }
    }
  }
}
