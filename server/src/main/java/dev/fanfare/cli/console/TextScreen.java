package dev.fanfare.cli.console;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What lines are written on.
///
/// @param width in characters; lines are not cut if it is 0
/// @param hasColors true for a terminal, unless `NO_COLOR` is set
public record TextScreen(int width, boolean hasColors) {

  /// A pipe or a file.
  public static final TextScreen NONE = new TextScreen(0, false);

  private static final int USUAL_WIDTH = 120;
  private static final String RESET = "\u001b[0m";

  /// The one of this process.
  public static TextScreen ofProcess(Map<String, String> environment) {
    boolean isTerminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return isTerminal
        ? new TextScreen(terminalWidth(), environment.getOrDefault("NO_COLOR", "").isEmpty())
        : NONE;
  }

  /// `stty` knows; the JDK does not.
  private static int terminalWidth() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] words = size.strip().split(" ", -1);
      boolean isDone = stty.waitFor(1, TimeUnit.SECONDS);
      int width = isDone && words.length == 2 ? Integer.parseInt(words[1]) : 0;
      return width > 0 ? width : USUAL_WIDTH;
    } catch (IOException | NumberFormatException e) {
      return USUAL_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }

  /// A line that fits.
  String fit(String line) {
    if (width == 0 || line.length() <= width) {
      return line;
    }
    int end = width - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /// The line in a colour of ANSI, if there are colours.
  String colored(int color, String line) {
    return hasColors ? "\u001b[" + color + "m" + line + RESET : line;
  }
}
