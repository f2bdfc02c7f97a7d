package dev.fanfare.drain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The history of one client. Written by one thread and read by another, under its lock.
final class Life {

  /// One entry of the history.
  ///
  /// @param atMs wall clock
  /// @param what `state`, `subscribed`, `event` or `error`
  /// @param detail the state, the event's data, the error
  record Moment(long atMs, String what, String detail) {}

  /// The time without a subscription, from the end of the connection to the new subscription.
  record Gap(long fromMs, long toMs) {

    long lengthMs() {
      return toMs - fromMs;
    }
  }

  /// On a busy machine a lane may be late, which the node reports.
  private static final Pattern EXPECTED =
      Pattern.compile("shutting down, please reconnect|overloaded: a lane is");

  private final String client;
  private final List<Moment> moments = new ArrayList<>();

  /// @param client its name, for messages
  Life(String client) {
    this.client = client;
  }

  synchronized void add(Moment moment) {
    moments.add(moment);
  }

  synchronized List<Moment> moments() {
    return List.copyOf(moments);
  }

  /// When it was subscribed, each time.
  List<Long> subscriptions() {
    return moments().stream().filter(m -> m.what().equals("subscribed")).map(Moment::atMs).toList();
  }

  /// The numbers of the received events.
  List<Integer> events() {
    return moments().stream()
        .filter(m -> m.what().equals("event"))
        .map(m -> Integer.valueOf(m.detail()))
        .toList();
  }

  /// Errors other than the drain's, and the states of a client that cannot connect.
  List<Moment> troubles() {
    return moments().stream().filter(Life::isTrouble).toList();
  }

  private static boolean isTrouble(Moment moment) {
    return switch (moment.what()) {
      case "error" -> !EXPECTED.matcher(moment.detail()).find();
      case "state" -> moment.detail().matches("unavailable|failed");
      default -> false;
    };
  }

  /// The times without a subscription after the first one.
  List<Gap> gaps() {
    List<Gap> gaps = new ArrayList<>();
    long lostMs = 0;
    boolean subscribed = false;
    for (Moment moment : moments()) {
      if (moment.what().equals("subscribed")) {
        if (lostMs != 0) {
          gaps.add(new Gap(lostMs, moment.atMs()));
        }
        lostMs = 0;
        subscribed = true;
      } else if (moment.what().equals("state") && subscribed && lostMs == 0) {
        lostMs = moment.atMs(); // whatever it is, it is no longer "connected"
      }
    }
    return gaps;
  }

  @Override
  public String toString() {
    return client + " " + moments();
  }
}
