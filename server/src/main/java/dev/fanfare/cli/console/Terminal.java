package dev.fanfare.cli.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The terminal of this process while a command draws on it: keys arrive one by one and are not
/// shown, and what was on the screen is there again afterwards, also after Ctrl-C.
public final class Terminal implements AutoCloseable {

  private static final String ENTER = "\u001b[?1049h";
  private static final String LEAVE = "\u001b[?1049l";

  /// To the upper left corner, and everything from there on is gone.
  private static final String CLEAR = "\u001b[H\u001b[J";

  private static final int USUAL_ROWS = 24;

  private final PrintWriter out;
  private final String saved;
  private final AtomicBoolean isLeft = new AtomicBoolean();
  private final Thread hook = new Thread(this::leave);

  private Terminal(PrintWriter out, String saved) {
    this.out = out;
    this.saved = saved;
  }

  /// Takes it.
  public static Terminal enter(PrintWriter out) {
    Terminal terminal = new Terminal(out, stty("-g"));
    Runtime.getRuntime().addShutdownHook(terminal.hook);
    var _ = stty("-icanon", "-echo");
    out.print(ENTER);
    out.flush();
    return terminal;
  }

  /// Shows these lines, as many as fit.
  public void draw(List<String> lines) {
    String[] size = stty("size").split(" ", -1);
    int rows = size.length == 2 && size[0].matches("[1-9]\\d{0,4}") ? Integer.parseInt(size[0]) : 0;
    int shown = Math.min(lines.size(), rows == 0 ? USUAL_ROWS : rows);
    out.print(CLEAR + String.join("\n", lines.subList(0, shown)));
    out.flush();
  }

  private void leave() {
    if (!isLeft.getAndSet(true)) {
      out.print(LEAVE);
      out.flush();
      if (!saved.isEmpty()) {
        var _ = stty(saved);
      }
    }
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is running
    }
  }

  /// What `stty` prints; empty if it cannot.
  private static String stty(String... words) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(words));
    try {
      Process stty =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return stty.waitFor(1, TimeUnit.SECONDS) ? text.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
