package dev.fanfare.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.auth.Refusal;
import dev.fanfare.protocol.HttpApi.EventRequest;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every limit of section 6.4, at the limit and one beyond it, with the literal text.
final class EventCheckTest {

  private static final App APP =
      new App("3", "k", new Secret("s"), AppOptions.DEFAULTS, Limits.HOSTED);

  private static String check(
      @Nullable String name,
      @Nullable String data,
      List<String> channels,
      @Nullable String socketId) {
    EventCheck check = EventCheck.of(APP, new EventRequest(name, data, channels, socketId, null));
    Refusal refusal = check.refusal();
    return refusal == null ? "fine" : refusal.status() + " " + refusal.message();
  }

  private static String name(@Nullable String name) {
    return check(name, "x", List.of("a"), null);
  }

  private static String data(@Nullable String data) {
    return check("e", data, List.of("a"), null);
  }

  private static String channel(String channel) {
    return check("e", "x", List.of(channel), null);
  }

  @Test
  void aValidEventIsPublishedToItsChannels() {
    EventCheck check =
        EventCheck.of(APP, new EventRequest("e", "d", List.of("b", "a"), "1.2", null));
    assertThat(check.publications().stream().map(p -> p.channel().value()))
        .containsExactly("b", "a");
    Publication first = check.publications().getFirst();
    assertThat(first.event()).isEqualTo("e");
    assertThat(first.data()).isEqualTo("d");
    assertThat(first.exceptSocketId()).isEqualTo("1.2");
    assertThat(first.userId()).isNull();
    assertThat(first.origin()).isEqualTo(Origin.HTTP);
  }

  @Test
  void nameDataAndChannelsAreRequired() {
    assertThat(name(null)).isEqualTo("400 Missing required parameter: name");
    assertThat(name("")).isEqualTo("400 Missing required parameter: name");
    assertThat(data(null)).isEqualTo("400 Missing required parameter: data");
    assertThat(data("")).isEqualTo("fine");
    assertThat(check("e", "x", List.of(), null))
        .isEqualTo("400 Missing required parameter: channel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pusher:x", "pusher:", "pusher_internal:member_added"})
  void protocolEventNamesAreReserved(String name) {
    assertThat(name(name))
        .isEqualTo("400 Invalid event name '" + name + "': this prefix is reserved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pusher", "pusherx", "my-pusher:x", "Pusher:x", "a b", "é", "App\\E.v"})
  void otherEventNamesAreAllowed(String name) {
    assertThat(name(name)).isEqualTo("fine");
  }

  @Test
  void anEventNameMayHave200Characters() {
    assertThat(name("n".repeat(200))).isEqualTo("fine");
    assertThat(name("n".repeat(201)))
        .isEqualTo(
            "400 The event name has 201 characters, the limit is 200 (max_event_name_chars)");
  }

  @Test
  void dataMayHave10240Bytes() {
    assertThat(data("d".repeat(10_240))).isEqualTo("fine");
    assertThat(data("d".repeat(10_241))).isEqualTo(tooLarge(10_241));
  }

  @Test
  void dataIsMeasuredInUtf8Bytes() {
    assertThat(data("é".repeat(5_120))).isEqualTo("fine");
    assertThat(data("é".repeat(5_120) + "d")).isEqualTo(tooLarge(10_241));
    assertThat(data("✓".repeat(3_413) + "d")).isEqualTo("fine");
    assertThat(data("✓".repeat(3_414))).isEqualTo(tooLarge(10_242));
    assertThat(data("😀".repeat(2_560))).isEqualTo("fine");
    assertThat(data("😀".repeat(2_560) + "d")).isEqualTo(tooLarge(10_241));
  }

  private static String tooLarge(int bytes) {
    return "413 The data content of this event exceeds the allowed maximum (10240 bytes). It has "
        + bytes
        + " bytes; the setting is max_event_bytes";
  }

  @Test
  void anEventMayHave100Channels() {
    List<String> channels = IntStream.rangeClosed(1, 101).mapToObj(i -> "c" + i).toList();
    assertThat(check("e", "x", channels.subList(0, 100), null)).isEqualTo("fine");
    assertThat(check("e", "x", channels, null))
        .isEqualTo("400 The event has 101 channels, the limit is 100 (max_channels_per_event)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | Invalid channel name: it is empty
          a b | Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ;
          a/b | Invalid channel name 'a/b': allowed are letters, digits and _ - = @ , . ;
          é | Invalid channel name 'é': allowed are letters, digits and _ - = @ , . ;
          a:b | Invalid channel name 'a:b': allowed are letters, digits and _ - = @ , . ;
          #server-to-user- | Invalid channel name '#server-to-user-': allowed are letters, digits and _ - = @ , . ;
          #private-x | Invalid channel name '#private-x': allowed are letters, digits and _ - = @ , . ;
          """)
  void channelNamesAreChecked(String channel, String text) {
    assertThat(channel(channel)).isEqualTo("400 " + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "private-A_1=@,.;", "presence-x", "#server-to-user-a@b", "0"})
  void validChannelNames(String channel) {
    assertThat(channel(channel)).isEqualTo("fine");
  }

  @Test
  void aChannelNameMayHave200Characters() {
    assertThat(channel("c".repeat(200))).isEqualTo("fine");
    assertThat(channel("c".repeat(201)))
        .isEqualTo(
            "400 Invalid channel name: it has 201 characters, the limit is 200"
                + " (max_channel_name_chars)");
  }

  @Test
  void oneInvalidChannelRefusesTheEvent() {
    assertThat(check("e", "x", List.of("a", "b c", "d"), null))
        .startsWith("400 Invalid channel name 'b c'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234.5678", "0.0", "9999999999.9999999999"})
  void validSocketIds(String socketId) {
    assertThat(check("e", "x", List.of("a"), socketId)).isEqualTo("fine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1234", "1234.", ".5678", "1.2.3", "a.b", "1.2\n", " 1.2", "-1.2", "١.٢"})
  void invalidSocketIds(String socketId) {
    assertThat(check("e", "x", List.of("a"), socketId))
        .isEqualTo("400 Invalid socket_id: it must look like 123.456");
  }

  @Test
  void theFirstProblemIsTheOneReported() {
    List<String> many = Collections.nCopies(101, "b c");
    assertThat(check(null, null, many, "x")).endsWith("name");
    assertThat(check("pusher:x", null, many, "x")).endsWith("data");
    assertThat(check("pusher:x", "d".repeat(20_000), many, "x")).contains("reserved");
    assertThat(check("e", "d".repeat(20_000), many, "x")).contains("socket_id");
    assertThat(check("e", "d".repeat(20_000), many, null)).startsWith("413");
    assertThat(check("e", "d", many, null)).contains("101 channels");
  }
}
