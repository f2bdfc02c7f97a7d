package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.report.HtmlReport;
import dev.fanfare.loadtest.report.ResultFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Combines result files into one page.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Combines result files into one page with charts; runs of the same load side by side.")
@SuppressWarnings("NullAway.Init") // picocli sets them
final class ReportCommand implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files written with --json.")
  private List<Path> files;

  @Option(names = "--html", required = true, paramLabel = "FILE", description = "The page.")
  private Path html;

  @Override
  public Integer call() {
    ResultFile.text(html, HtmlReport.page(files.stream().map(ResultFile::read).toList()));
    return 0;
  }
}
