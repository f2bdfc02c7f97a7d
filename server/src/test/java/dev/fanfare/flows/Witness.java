package dev.fanfare.flows;

import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A normal connection that records every frame between two events, on a separate thread, while the
/// server is attacked.
final class Witness implements AutoCloseable {

  private final RawSocket socket;
  private final CompletableFuture<List<String>> seen = new CompletableFuture<>();

  private Witness(RawSocket socket) {
    this.socket = socket;
  }

  /// Starts to read; frames before an event called `first` are not recorded.
  static Witness of(RawSocket socket, String first, String last) {
    Witness witness = new Witness(socket);
    var _ = Thread.ofVirtual().name("witness").start(() -> witness.read(first, last));
    return witness;
  }

  private void read(String first, String last) {
    List<String> frames = new ArrayList<>();
    try {
      socket.nextTextContaining("{\"event\":\"" + first + "\"");
      String text;
      do {
        text = socket.nextText();
        frames.add(text);
      } while (!text.startsWith("{\"event\":\"" + last + "\""));
      seen.complete(frames);
    } catch (IOException | RuntimeException e) {
      seen.completeExceptionally(
          new IOException("a witness was disturbed after " + frames.size() + " frames", e));
    }
  }

  /// All frames after the first event up to the last one; waits for it.
  CompletableFuture<List<String>> seen() {
    return seen;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
