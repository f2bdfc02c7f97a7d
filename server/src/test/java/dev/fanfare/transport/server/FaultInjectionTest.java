package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.ServerListener;
import dev.fanfare.transport.websocket.Fault;
import dev.fanfare.transport.websocket.FaultyNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
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

  /// Sabotage: a write that is lost without an error breaks the invariants, and they notice it.
  @Test
  void theChecksNoticeALostWrite() {
    assertThat(noticed(FaultInjectionTest::run)).as("steps").hasSizeGreaterThan(5);
  }

  @Test
  void theChecksNoticeALostWriteOfARequest() {
    assertThat(noticed(FaultInjectionTest::runRequests)).as("steps").hasSizeGreaterThan(5);
  }

  private interface Conversation {
    int run(Kind kind, Fault fault, int mostClosed);
  }

  /// The steps at which a loss is noticed: not each is, for instance that of a flush before
  /// another.
  private static List<Integer> noticed(Conversation conversation) {
    List<Integer> noticed = new ArrayList<>();
    int steps = conversation.run(Kind.WRITE, new Fault(0), 0);
    for (int at = 1; at <= steps; at++) {
      try {
        var _ = conversation.run(Kind.WRITE, Fault.silent(at), 0);
      } catch (AssertionError _) {
        noticed.add(at);
      }
    }
    return noticed;
  }

  private static int runRequests(Kind kind, int at) {
    return runRequests(kind, new Fault(at), at == 0 ? 0 : 1);
  }

  /// @return how many steps there were
  private static int runRequests(Kind kind, Fault fault, int mostClosed) {
    Fault none = new Fault(0);
    try (FaultyHttpNode node =
        new FaultyHttpNode(
            kind == Kind.BUFFER ? fault : none,
            kind == Kind.WRITE ? fault : none,
            kind == Kind.LISTENER ? failing(fault) : ServerListener.NONE)) {
      node.converse();
      node.check("request, " + kind + " " + fault, mostClosed);
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

  private static int run(Kind kind, int at) {
    return run(kind, new Fault(at), at == 0 ? 0 : 1);
  }

  /// @return how many steps there were
  private static int run(Kind kind, Fault fault, int mostClosed) {
    Fault none = new Fault(0);
    try (FaultyNode node =
        new FaultyNode(
            kind == Kind.BUFFER ? fault : none,
            kind == Kind.WRITE ? fault : none,
            kind == Kind.LISTENER ? failing(fault) : ServerListener.NONE)) {
      node.converse();
      node.check(kind + " " + fault, mostClosed);
      return fault.steps();
    }
  }

  private static ServerListener failing(Fault fault) {
    return (ServerListener)
        Proxy.newProxyInstance(
            ServerListener.class.getClassLoader(),
            new Class<?>[] {ServerListener.class},
            (_, method, arguments) -> {
              var _ = fault.step();
              try {
                return method.invoke(ServerListener.NONE, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
