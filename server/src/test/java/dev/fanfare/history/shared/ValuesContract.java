package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.StreamsContract.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.ChannelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every engine must do with the values of channels.
interface ValuesContract {

  long TTL_MS = 600_000;
  ChannelKey ROOM = new ChannelKey("1", "#presence-events:presence-room");

  /// A node of that cluster, which is connected.
  Streams node(String cluster) throws InterruptedException;

  private static @Nullable String replace(Streams streams, String version, String text)
      throws InterruptedException {
    return result(streams.replace(ROOM, version, text.getBytes(UTF_8), TTL_MS));
  }

  private static String text(Values.Value value) {
    return new String(value.bytes(), UTF_8);
  }

  @Test
  default void aValueIsReplacedByWhoHasReadIt() throws Exception {
    Streams a = node("house");
    Streams b = node("house");
    Values.Value nothing = result(a.value(ROOM));
    assertThat(nothing.bytes()).isEmpty();
    String one = replace(a, nothing.version(), "one");
    assertThat(one).isNotNull();
    assertThat(replace(b, nothing.version(), "late")).isNull();
    Values.Value found = result(b.value(ROOM));
    assertThat(text(found)).isEqualTo("one");
    assertThat(found.version()).isEqualTo(one);
    String two = replace(b, found.version(), "two");
    assertThat(two).isNotNull().isNotEqualTo(one);
    assertThat(replace(a, found.version(), "late")).isNull();
    assertThat(text(result(a.value(ROOM)))).isEqualTo("two");
    assertThat(result(a.value(new ChannelKey("1", "presence-room"))).bytes()).isEmpty();
    assertThat(result(node("another-house").value(ROOM)).bytes()).isEmpty();
  }

  @Test
  default void aValueMayBeEmptyAndAnyBytes() throws Exception {
    Streams a = node("house");
    byte[] bytes = new byte[70_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    String version = result(a.replace(ROOM, result(a.value(ROOM)).version(), bytes, TTL_MS));
    assertThat(result(a.value(ROOM)).bytes()).isEqualTo(bytes);
    assertThat(version).isNotNull();
    String next = result(a.replace(ROOM, version, new byte[0], TTL_MS));
    Values.Value empty = result(a.value(ROOM));
    assertThat(empty.bytes()).isEmpty();
    assertThat(empty.version()).isEqualTo(next);
    assertThat(replace(a, empty.version(), "again")).isNotNull();
  }

  /// The log and the value of a channel have nothing to do with each other.
  @Test
  default void aPurgeLeavesTheValue() throws Exception {
    Streams a = node("house");
    var _ = replace(a, result(a.value(ROOM)).version(), "one");
    var _ = result(a.append(ROOM, new byte[] {1}, new Streams.Limits(9, TTL_MS, TTL_MS), null));
    assertThat(result(a.purge(ROOM))).isEqualTo(1L);
    assertThat(text(result(a.value(ROOM)))).isEqualTo("one");
  }

  @Test
  default void ofSeveralNodesOneReplacesAValue() throws Exception {
    List<Streams> nodes = List.of(node("house"), node("house"));
    for (int round = 0; round < 20; round++) {
      String version = result(nodes.getFirst().value(ROOM)).version();
      List<CompletionStage<@Nullable String>> stages = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] bytes = ("round " + round + ", " + i).getBytes(UTF_8);
        stages.add(nodes.get(i % 2).replace(ROOM, version, bytes, TTL_MS));
      }
      int replaced = 0;
      for (CompletionStage<@Nullable String> stage : stages) {
        replaced += result(stage) == null ? 0 : 1;
      }
      assertThat(replaced).isEqualTo(1);
    }
  }
}
