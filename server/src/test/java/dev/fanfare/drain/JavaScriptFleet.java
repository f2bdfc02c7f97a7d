package dev.fanfare.drain;

import dev.fanfare.app.App;
import dev.fanfare.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// pusher-js clients in one Node process, which reports their history as it happens.
final class JavaScriptFleet implements AutoCloseable {

  private static final Path FOLDER = Path.of("src", "test", "js");

  private final Process process;
  private final Thread reader;

  private JavaScriptFleet(Process process, List<Life> lives) {
    this.process = process;
    reader = Thread.ofVirtual().start(() -> read(process.inputReader(), lives));
  }

  /// Starts one client for each of `lives`.
  static JavaScriptFleet start(
      App app, int port, List<Life> lives, String channel, String event, Path errors)
      throws IOException {
    Programs.requireJavaScript();
    ProcessBuilder command =
        new ProcessBuilder(
            "node", "support/fleet.js", Integer.toString(lives.size()), channel, event);
    command
        .environment()
        .putAll(
            Map.of(
                "FANFARE_TEST_PORT", Integer.toString(port),
                "FANFARE_TEST_APP_ID", app.id(),
                "FANFARE_TEST_APP_KEY", app.key(),
                "FANFARE_TEST_APP_SECRET", app.secret().reveal()));
    Process process = command.directory(FOLDER.toFile()).redirectError(errors.toFile()).start();
    return new JavaScriptFleet(process, lives);
  }

  private static void read(BufferedReader lines, List<Life> lives) {
    try (lines) {
      String line;
      while ((line = lines.readLine()) != null) {
        String[] parts = line.split(" ", 4);
        Life life = lives.get(Integer.parseInt(parts[1]));
        String detail = parts.length > 3 ? parts[3] : "";
        life.add(new Life.Moment(Long.parseLong(parts[0]), parts[2], detail));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops the clients and waits until all their reports are recorded.
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    int _ = Programs.waitFor(process);
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
