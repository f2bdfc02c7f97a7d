package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.ServerListener;
import dev.fanfare.transport.websocket.Fault;
import dev.fanfare.transport.websocket.FaultyNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs one conversation of several connections again and again, each time with another single
/// fault: the n-th buffer cannot be had, the n-th write or flush throws, the n-th call of a
/// listener throws. Whatever fails, a connection gets every event that is due to it or is closed,
/// at most one connection is closed, and nothing is left behind when all are gone.
final class FaultInjectionTest {

  @TestFactory
  List<DynamicTest> aFaultEndsAtMostTheConnectionItWasFor() {
    return List.of(
        DynamicTest.dynamicTest("buffers", () -> injectEverywhere(Kind.BUFFER)),
        DynamicTest.dynamicTest("writes", () -> injectEverywhere(Kind.WRITE)),
        DynamicTest.dynamicTest("listener", () -> injectEverywhere(Kind.LISTENER)));
  }

  @TestFactory
  List<DynamicTest> aFaultInARequestEndsAtMostItsSocket() {
    return List.of(
        DynamicTest.dynamicTest("buffers", () -> injectIntoRequests(Kind.BUFFER)),
        DynamicTest.dynamicTest("writes", () -> injectIntoRequests(Kind.WRITE)),
        DynamicTest.dynamicTest("listener", () -> injectIntoRequests(Kind.LISTENER)));
  }

  private static void injectIntoRequests(Kind kind) {
    int steps = runRequests(kind, 0);
    assertThat(steps).as("steps without a fault").isGreaterThan(10);
    for (int at = 1; at <= steps; at++) {
      var _ = runRequests(kind, at);
    }
  }

  /// @return how many steps there were
  private static int runRequests(Kind kind, int at) {
    Fault fault = new Fault(at);
    Fault none = new Fault(0);
    try (FaultyHttpNode node =
        new FaultyHttpNode(
            kind == Kind.BUFFER ? fault : none,
            kind == Kind.WRITE ? fault : none,
            kind == Kind.LISTENER ? failing(fault) : ServerListener.NONE)) {
      node.converse();
      node.check("request, " + kind + " " + at, at == 0 ? 0 : 1);
      return fault.steps();
    }
  }

  private enum Kind {
    BUFFER,
    WRITE,
    LISTENER
  }

  private static void injectEverywhere(Kind kind) {
    int steps = run(kind, 0);
    assertThat(steps).as("steps without a fault").isGreaterThan(20);
    for (int at = 1; at <= steps; at++) {
      run(kind, at);
    }
  }

  /// @return how many steps there were
  private static int run(Kind kind, int at) {
    Fault fault = new Fault(at);
    Fault none = new Fault(0);
    try (FaultyNode node =
        new FaultyNode(
            kind == Kind.BUFFER ? fault : none,
            kind == Kind.WRITE ? fault : none,
            kind == Kind.LISTENER ? failing(fault) : ServerListener.NONE)) {
      node.converse();
      node.check(kind + " " + at, at == 0 ? 0 : 1);
      return fault.steps();
    }
  }

  private static ServerListener failing(Fault fault) {
    return (ServerListener)
        Proxy.newProxyInstance(
            ServerListener.class.getClassLoader(),
            new Class<?>[] {ServerListener.class},
            (_, method, arguments) -> {
              fault.step();
              try {
                return method.invoke(ServerListener.NONE, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
