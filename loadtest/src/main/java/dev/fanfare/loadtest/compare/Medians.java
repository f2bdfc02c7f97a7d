package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.report.Figure;
import dev.fanfare.loadtest.report.RunResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Medians over several rounds, separately for each figure; charts are those of the middle round by
/// the main figure.
final class Medians {

  /// The setting that marks a round; pages show only results without it.
  private static final String ROUND = "round";

  private Medians() {}

  /// @param decisive the figure that orders the rounds
  static RunResult of(List<RunResult> rounds, String decisive) {
    RunResult model = middle(rounds, decisive);
    List<Figure> figures = new ArrayList<>();
    for (Figure figure : model.figures()) {
      double[] values =
          rounds.stream()
              .flatMap(round -> round.value(figure.key()).stream().boxed())
              .mapToDouble(Double::doubleValue)
              .sorted()
              .toArray();
      double least = values[0];
      double greatest = values[values.length - 1];
      figures.add(
          new Figure(figure.key(), figure.title(), median(values), figure.unit(), least, greatest));
    }
    Map<String, String> settings = new LinkedHashMap<>(model.settings());
    settings.remove(ROUND);
    settings.put("rounds", "median of " + rounds.size());
    return model
        .withSettings(settings)
        .withFigures(figures)
        .withFailures(
            rounds.stream().flatMap(round -> round.failures().stream()).distinct().toList());
  }

  /// The same result, marked as one of several rounds.
  static RunResult marked(RunResult round, int number, int of) {
    Map<String, String> settings = new LinkedHashMap<>(round.settings());
    settings.put(ROUND, number + " of " + of);
    return round.withSettings(settings);
  }

  static double median(double... sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static RunResult middle(List<RunResult> rounds, String decisive) {
    List<RunResult> ordered = new ArrayList<>(rounds);
    ordered.sort(Comparator.comparingDouble(round -> round.value(decisive).orElse(0)));
    return ordered.get((ordered.size() - 1) / 2);
  }
}
