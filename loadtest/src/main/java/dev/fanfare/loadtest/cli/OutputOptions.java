package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.report.HtmlReport;
import dev.fanfare.loadtest.report.ResultFile;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.scenario.Progress;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options for the output.
final class OutputOptions {

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a self-contained page with charts.")
  private @Nullable Path html;

  @Option(names = "--quiet", description = "No progress line.")
  private boolean quiet;

  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it can be null again
  Progress progress() {
    Console console = System.console();
    return new Progress(System.err, console != null && console.isTerminal(), quiet);
  }

  /// Writes the files that were asked for.
  void write(Map<String, String> environment, List<RunResult> results) {
    if (json != null) {
      ResultFile.write(json, environment, results);
    }
    if (html != null) {
      String file = ResultFile.json(environment, results);
      ResultFile.text(html, HtmlReport.page(List.of(file)));
    }
  }
}
