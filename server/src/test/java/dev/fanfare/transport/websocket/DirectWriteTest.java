package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fanfare.app.SlowReaders;
import dev.fanfare.transport.ServerOptions;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes straight to the kernel must look like what takes the pipeline: two nodes with the same
/// client go through the same, one of them with the pipeline alone.
final class DirectWriteTest {

  private static final int SCRIPTS = 300;
  private static final int STEPS = 60;
  private static final int ALL = Integer.MAX_VALUE;

  /// What may wait for a slow reader.
  private static final int LIMIT = 2_000;

  private static byte[] frame(int channel, String data) {
    String text = "{\"event\":\"e\",\"channel\":\"c%d\",\"data\":\"%s\"}".formatted(channel, data);
    assertThat(text.length()).isLessThanOrEqualTo(125);
    byte[] frame = new byte[2 + text.length()];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) text.length();
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, frame, 2, text.length());
    return frame;
  }

  /// One event, of which the kernel accepts n bytes for every n, then a second and a close frame.
  @Test
  void theRestOfAFrameComesBeforeAllThatFollows() {
    byte[] first = frame(1, "first");
    for (int n = 0; n <= first.length; n++) {
      try (NarrowNode node = new NarrowNode(true)) {
        int before = node.socket().accepted().length;
        node.socket().read(n);
        node.publish(1, "first");
        node.turn();
        assertThat(node.socket().takeCalls()).as("calls for %s bytes", n).isLessThanOrEqualTo(2);
        node.publish(2, "second");
        node.turn();
        node.closeByServer();
        node.turn();
        node.socket().read(ALL);
        node.flush();
        byte[] all = node.socket().accepted();
        String sent = new String(all, before, all.length - before, StandardCharsets.ISO_8859_1);
        String events =
            new String(first, StandardCharsets.ISO_8859_1)
                + new String(frame(2, "second"), StandardCharsets.ISO_8859_1);
        assertThat(sent).as("after %s bytes", n).startsWith(events);
        assertThat(sent.substring(events.length())).startsWith("\u0081").contains("on purpose");
      }
    }
  }

  /// A socket in ten channels that speak in one turn.
  @Test
  void eventsOfManyChannelsInOneTurnAreOneWrite() {
    try (NarrowNode node = new NarrowNode(true)) {
      int before = node.socket().accepted().length;
      StringBuilder expected = new StringBuilder();
      for (int channel = 0; channel < 10; channel++) {
        node.publish(channel, "together");
        expected.append(new String(frame(channel, "together"), StandardCharsets.ISO_8859_1));
      }
      node.turn();
      assertThat(node.socket().takeCalls()).isEqualTo(1);
      byte[] all = node.socket().accepted();
      assertThat(new String(all, before, all.length - before, StandardCharsets.ISO_8859_1))
          .isEqualTo(expected.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Broken pipe", "Connection reset by peer"})
  void aFailedWriteEndsTheConnectionAsOnThePipeline(String error) {
    List<List<Object>> states = new ArrayList<>();
    for (boolean isDirect : new boolean[] {true, false}) {
      try (NarrowNode node = new NarrowNode(isDirect)) {
        node.socket().fail(new IOException(error));
        node.publish(1, "lost");
        node.turn();
        assertThat(node.socket().isOpen()).isFalse();
        node.publish(2, "no client gets this");
        node.turn();
        states.add(node.state());
      }
    }
    assertThat(states.getFirst()).isEqualTo(states.getLast());
  }

  /// The kernel accepts any part of what it is given. Frames that were copied together wait until
  /// the last byte of them was accepted.
  @Test
  void whateverHappensItLooksLikeThePipeline() {
    int limit = ServerOptions.DEFAULTS.maxPendingBytes();
    for (int seed = 1; seed <= SCRIPTS; seed++) {
      try (NarrowNode node = new NarrowNode(true);
          NarrowNode old = new NarrowNode(false)) {
        Script script = new Script(seed, random -> random.nextInt(random.nextInt(1, 500)));
        compare(node, old, script, DirectWrite.MAX_JOINED_BYTES);
        assertThat(node.pending()).isLessThan(limit); // or slow readers were part of it
      }
    }
  }

  /// The kernel accepts all or nothing. Of a frame that it has accepted a part of, only the rest
  /// waits, while the pipeline counts all of it: so slow readers are compared without such frames.
  @ParameterizedTest
  @EnumSource(SlowReaders.class)
  void slowReadersFareAsOnThePipeline(SlowReaders policy) {
    for (int seed = 1; seed <= SCRIPTS; seed++) {
      try (NarrowNode node = new NarrowNode(true, policy, LIMIT);
          NarrowNode old = new NarrowNode(false, policy, 2_000)) {
        Script script = new Script(seed, random -> random.nextInt(3) == 0 ? ALL : 0);
        script.joins = false; // each frame that waits counts more than its bytes
        compare(node, old, script, 0);
        assertThat(node.pending()).as("seed %s", seed).isEqualTo(old.pending());
      }
    }
  }

  @Test
  void aSlowReaderOfJoinedFramesIsDisconnectedAtTheLimit() {
    try (NarrowNode node = new NarrowNode(true, SlowReaders.DISCONNECT, LIMIT)) {
      node.socket().read(0);
      long most = 0;
      while (!node.isClosing()) {
        node.publish(1, "x".repeat(50));
        node.publish(2, "x".repeat(50));
        node.turn();
        most = Math.max(most, node.pending());
      }
      assertThat(most).isBetween((long) LIMIT, 2L * LIMIT);
    }
  }

  /// @param more bytes that may wait than on the pipeline
  private static void compare(NarrowNode node, NarrowNode old, Script script, int more) {
    for (int step = 0; step < STEPS; step++) {
      Consumer<NarrowNode> action = script.next();
      action.accept(node);
      action.accept(old);
      assertThat(node.state()).as("%s", script).isEqualTo(old.state());
      assertThat(node.pending()).as("%s", script).isLessThanOrEqualTo(old.pending() + more);
      assertThat(node.pending() == 0).as("%s", script).isEqualTo(old.pending() == 0);
      int vain = node.socket().takeVainCalls();
      int oldVain = old.socket().takeVainCalls();
      assertThat(vain).as("vain calls, %s", script).isBetween(oldVain, oldVain + 1);
      assertThat(node.socket().takeCalls() - vain)
          .as("calls, %s", script)
          .isEqualTo(old.socket().takeCalls() - oldVain);
    }
  }

  /// What happens to a client, at random.
  private static final class Script {
    private final int seed;
    private final Random random;
    private final ToIntFunction<Random> room;
    private final List<String> steps = new ArrayList<>();

    /// False for one event in each turn.
    private boolean joins = true;

    /// @param room how many bytes the client reads
    Script(int seed, ToIntFunction<Random> room) {
      this.seed = seed;
      this.random = new Random(seed);
      this.room = room;
    }

    Consumer<NarrowNode> next() {
      int channel = random.nextInt(10);
      String data = "x".repeat(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(60));
      int kind = random.nextInt(100);
      if (kind < 50) {
        steps.add("publish " + data.length());
        return node -> {
          node.publish(channel, data);
          node.turn();
        };
      }
      if (kind < 60) {
        steps.add("publish two " + data.length());
        return node -> {
          node.publish(channel, data);
          if (!joins) {
            node.turn();
          }
          node.publish((channel + 1) % 10, "second");
          node.turn();
        };
      }
      return kind < 80 ? read(room.applyAsInt(random)) : other(kind);
    }

    private Consumer<NarrowNode> read(int bytes) {
      steps.add("read " + bytes);
      return node -> node.socket().read(bytes);
    }

    private Consumer<NarrowNode> other(int kind) {
      if (kind < 88) {
        return read(ALL);
      }
      steps.add("other " + kind);
      return switch (kind) {
        case 88, 89, 90, 91, 92 -> NarrowNode::sendAndFlush;
        case 93, 94, 95 -> NarrowNode::ping;
        case 96 -> NarrowNode::closeByServer;
        case 97 -> NarrowNode::closeByClient;
        case 98 -> node -> node.socket().fail(new IOException("Broken pipe"));
        default -> NarrowNode::end;
      };
    }

    @Override
    public String toString() {
      return "seed " + seed + ": " + steps;
    }
  }

  /// The number of a closed descriptor may be that of a stranger's socket by now.
  @Test
  void onlyPlainTcpOverEpollIsWrittenDirectlyAndOnlyWhileOpen() throws SSLException {
    assertThat(DirectWrite.of(new EmbeddedChannel(), false)).isSameAs(DirectWrite.NEVER);
    NioSocketChannel nio = new NioSocketChannel();
    assertThat(DirectWrite.of(nio, false)).isSameAs(DirectWrite.NEVER);
    nio.unsafe().closeForcibly();
    assumeTrue(Epoll.isAvailable());
    EpollSocketChannel socket = new EpollSocketChannel();
    assertThat(DirectWrite.of(socket, true)).as("compression").isSameAs(DirectWrite.NEVER);
    DirectWrite way = DirectWrite.of(socket, false);
    assertThat(way.isOpen()).isTrue();
    socket.pipeline().addLast(SslContextBuilder.forClient().build().newHandler(socket.alloc()));
    assertThat(DirectWrite.of(socket, false)).as("TLS").isSameAs(DirectWrite.NEVER);
    socket.unsafe().closeForcibly();
    assertThat(way.isOpen()).isFalse();
  }
}
