package dev.fanfare.clients;

import dev.fanfare.testing.Programs;
import dev.fanfare.testing.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Pusher-js in Node as the device `js`, which gets numbered events of one private channel and
/// reconnects by itself: `support/mailbox.js`, in a separate process.
public final class ScriptMailbox implements AutoCloseable {

  private static final Path FOLDER = Path.of("src", "test", "js");

  private final Queue<Integer> received = new ConcurrentLinkedQueue<>();
  private final Process process;

  /// @param port of a server with the app of [TestNode], which need not be there yet
  public ScriptMailbox(int port, String channel) throws IOException, InterruptedException {
    Programs.requireJavaScript();
    ProcessBuilder command =
        new ProcessBuilder("node", "support/mailbox.js", channel).directory(FOLDER.toFile());
    command
        .environment()
        .putAll(
            Map.of(
                "FANFARE_TEST_PORT", Integer.toString(port),
                "FANFARE_TEST_APP_ID", TestNode.APP.id(),
                "FANFARE_TEST_APP_KEY", TestNode.APP.key(),
                "FANFARE_TEST_APP_SECRET", TestNode.APP.secret().reveal()));
    process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null) {
        received.add(Integer.valueOf(line));
        line = lines.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The numbers of the events, in the order in which they came.
  public Queue<Integer> received() {
    return received;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
