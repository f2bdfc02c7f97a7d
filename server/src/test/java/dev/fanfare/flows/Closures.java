package dev.fanfare.flows;

import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The codes and reasons with which connections were closed, and sockets without one.
final class Closures implements ServerListener {

  private record Closure(int code, String reason) {}

  private final List<Closure> all = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void on(Observation observation) {
    switch (observation) {
      case Observation.ConnectionClosed(_, _, var code, var reason) ->
          connectionClosed(code, reason);
      case Observation.SocketRefused(_, var reason) -> socketRefused(reason);
      default -> {}
    }
  }

  private void connectionClosed(int code, String reason) {
    all.add(new Closure(code, reason));
  }

  private void socketRefused(String reason) {
    all.add(new Closure(0, reason));
  }

  long count(int code) {
    return List.copyOf(all).stream().filter(closure -> closure.code() == code).count();
  }

  List<String> reasons() {
    return List.copyOf(all).stream().map(Closure::reason).toList();
  }
}
