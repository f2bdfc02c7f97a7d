package dev.fanfare.flows;

import dev.fanfare.app.App;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.ServerListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The codes and reasons with which connections were closed, and sockets without one.
final class Closures implements ServerListener {

  private record Closure(int code, String reason) {}

  private final List<Closure> all = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void connectionClosed(App app, Peer peer, int code, String reason) {
    all.add(new Closure(code, reason));
  }

  @Override
  public void socketRefused(String remote, String reason) {
    all.add(new Closure(0, reason));
  }

  long count(int code) {
    return List.copyOf(all).stream().filter(closure -> closure.code() == code).count();
  }

  List<String> reasons() {
    return List.copyOf(all).stream().map(Closure::reason).toList();
  }
}
