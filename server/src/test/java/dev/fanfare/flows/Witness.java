package dev.fanfare.flows;

import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A well-behaved connection that writes down every frame between two events, on a thread of its
/// own, while other things happen to the server.
final class Witness implements AutoCloseable {

  private final RawSocket socket;
  private final CompletableFuture<List<String>> seen = new CompletableFuture<>();

  private Witness(RawSocket socket) {
    this.socket = socket;
  }

  /// Starts to read; what comes before an event called `first` is not written down.
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

  /// All frames from behind the first event to the last one; waits for it.
  CompletableFuture<List<String>> seen() {
    return seen;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
