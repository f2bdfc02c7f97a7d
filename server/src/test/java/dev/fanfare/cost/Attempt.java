package dev.fanfare.cost;

import java.io.IOException;

/// One kind of request at an entrance; the first of an entrance is the honest one.
///
/// @param name what it is
/// @param request sends it once and reads the whole answer
record Attempt(String name, Request request) {

  /// Sends something once and waits until it was answered.
  @FunctionalInterface
  interface Request {
    void send() throws IOException;
  }

  /// CPU microseconds of the server for one, after a warm-up.
  double micros(int times) throws IOException {
    run(times);
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      double before = LaneCpu.micros();
      run(times);
      best = Math.min(best, (LaneCpu.micros() - before) / times);
    }
    return best;
  }

  private void run(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      request.send();
    }
  }
}
