package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every wire must do.
public abstract class WireContract {

  /// A wire that is not open yet.
  ///
  /// @param cluster the name of its cluster
  protected abstract Wire wire(String cluster);

  private WirePeer peer() {
    return WirePeer.connected(wire("house"));
  }

  @Test
  void aNodeHearsWhatIsSentToIt() throws Exception {
    try (WirePeer a = peer();
        WirePeer b = peer();
        WirePeer c = peer()) {
      a.send(b.life(), "for b");
      a.send(c.life(), "for c");
      b.send(a.life(), "for a");
      assertThat(b.next()).isEqualTo("for b");
      assertThat(c.next()).isEqualTo("for c");
      assertThat(a.next()).isEqualTo("for a");
    }
  }

  @Test
  void everyNodeHearsWhatIsSentToAll() throws Exception {
    try (WirePeer a = peer();
        WirePeer b = peer()) {
      a.send(Wire.ALL, "for all");
      assertThat(b.next()).isEqualTo("for all");
      assertThat(a.next()).as("its own").isEqualTo("for all");
    }
  }

  @Test
  void clustersDoNotHearEachOther() throws Exception {
    try (WirePeer here = peer();
        WirePeer there = WirePeer.connected(wire("another-house"))) {
      here.send(Wire.ALL, "here");
      here.send(there.life(), "here");
      there.send(Wire.ALL, "there");
      assertThat(there.next()).isEqualTo("there");
      assertThat(here.next()).isEqualTo("here");
    }
  }

  @Test
  void whatOneNodeSendsArrivesInOrder() throws Exception {
    List<String> sent = new ArrayList<>();
    try (WirePeer a = peer();
        WirePeer b = peer()) {
      List<String> heard = new ArrayList<>();
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 100; i++) {
          String text = round + "-" + i;
          sent.add(text);
          a.send(i % 2 == 0 ? b.life() : Wire.ALL, text);
        }
        for (int i = 0; i < 100; i++) {
          heard.add(b.next());
        }
      }
      assertThat(heard).isEqualTo(sent);
    }
  }

  @Test
  void aLongDatagramArrivesWhole() throws Exception {
    char[] text = new char[1 << 20];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) ('a' + i % 26);
    }
    try (WirePeer a = peer();
        WirePeer b = peer()) {
      assertThat(a.wire().maxDatagramBytes()).isGreaterThanOrEqualTo(text.length);
      a.send(b.life(), new String(text));
      assertThat(b.next()).isEqualTo(new String(text));
    }
  }

  @Test
  void aDatagramThatIsTooLongIsDropped() throws Exception {
    try (WirePeer a = peer();
        WirePeer b = peer()) {
      byte[] tooLong = new byte[a.wire().maxDatagramBytes() + 1];
      assertThat(a.wire().send(b.life(), tooLong)).isFalse();
      a.send(b.life(), "after it");
      assertThat(b.next()).isEqualTo("after it");
      assertThat(a.reasons()).isEmpty();
    }
  }

  @Test
  void sendingSaysIfItCannotSucceed() throws Exception {
    Wire unopened = wire("house");
    assertThat(unopened.send(Wire.ALL, new byte[1])).isFalse();
    WirePeer a = WirePeer.connected(unopened);
    assertThat(a.wire().send(Wire.ALL, new byte[1])).isTrue();
    a.close();
    assertThat(a.wire().send(Wire.ALL, new byte[1])).isFalse();
  }

  @Test
  void aNewConnectionHearsAsBefore() {
    try (WirePeer a = peer();
        WirePeer b = peer()) {
      b.wire().reconnect("for a test");
      b.awaitConnections(2);
      assertThat(b.reasons()).containsExactly("for a test");
      a.reach(b, "again");
    }
  }

  /// It may lose datagrams, but it goes on, and no other node notices.
  @Test
  void aSlowReaderDelaysNobodyElse() throws Exception {
    String much = "x".repeat(64 << 10);
    try (WirePeer a = peer();
        WirePeer b = peer();
        WirePeer slow = peer()) {
      slow.pause();
      for (int i = 0; i < 40; i++) {
        a.send(slow.life(), much);
      }
      a.send(b.life(), "meanwhile");
      assertThat(b.next()).isEqualTo("meanwhile");
      slow.resume();
      a.reach(slow, "later");
      assertThat(a.reasons()).isEmpty();
      assertThat(b.reasons()).isEmpty();
    }
  }
}
