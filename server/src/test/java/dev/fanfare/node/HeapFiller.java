package dev.fanfare.node;

import dev.fanfare.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A server in whose heap something else lies. Reads percentages, one a line, and holds so much
/// that this part of the space that [HeapSpace] measures is live; answers `filled N`. 0 lets all
/// go.
final class HeapFiller {

  private static final int PART_BYTES = 100_000;

  private final HeapSpace space = HeapSpace.ofThisProcess();
  private final List<byte[]> held = new ArrayList<>();

  private HeapFiller() {}

  public static void main(String... arguments) {
    HeapFiller filler = new HeapFiller();
    Thread.ofPlatform().daemon().start(filler::obey);
    Main.main(arguments);
  }

  private void obey() {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        fill(Integer.parseInt(line));
        System.out.println("filled " + line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Approaches the goal from below, because a collector may use more than it was asked for.
  private void fill(int percent) {
    if (percent == 0) {
      held.clear();
    }
    long goal = space.max() / 100 * percent;
    space.collect();
    for (long lacking = goal - space.live(); lacking > 0; lacking = goal - space.live()) {
      for (long bytes = Math.max(lacking / 2, PART_BYTES); bytes > 0; bytes -= PART_BYTES) {
        held.add(new byte[PART_BYTES]);
      }
      space.collect();
    }
  }
}
