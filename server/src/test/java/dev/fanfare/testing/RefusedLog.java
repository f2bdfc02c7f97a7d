package dev.fanfare.testing;

import dev.fanfare.observe.Observation;
import dev.fanfare.observe.RefusedRequest;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.CloseCode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a server refuses, as it notifies its listeners: one line for each refusal.
public final class RefusedLog implements ServerListener {

  private static final int PATIENCE_SECONDS = 10;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  @Override
  public void on(Observation observation) {
    switch (observation) {
      case RefusedRequest request -> requestRefused(request);
      case Observation.ConnectionRefused(_, var remote, var code, var reason) ->
          connectionRefused(remote, code, reason);
      case Observation.SocketRefused(var remote, var reason) -> socketRefused(remote, reason);
      default -> {}
    }
  }

  private void connectionRefused(String remote, CloseCode code, String reason) {
    lines.add(remote + ": " + code.code() + " " + reason);
  }

  private void socketRefused(String remote, String reason) {
    lines.add(remote + ": " + reason);
  }

  private void requestRefused(RefusedRequest request) {
    lines.add(
        request.method() + " " + request.path() + ": " + request.status() + " " + request.reason());
  }

  /// The next line, for which this waits.
  public String next() {
    try {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("nothing was refused in " + PATIENCE_SECONDS + " seconds");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// True if everything was taken.
  public boolean isEmpty() {
    return lines.isEmpty();
  }
}
