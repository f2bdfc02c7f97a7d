package dev.fanfare.doctor;

import static dev.fanfare.doctor.Examination.assertWell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.ProxyBlock;
import dev.fanfare.doctor.report.ProxyKind;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.testing.AnsweringProxy;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether a client confirms what it has received, or a proxy on the way does.
@Tag("one-node")
final class ConfirmationCheckTest {

  private static final App APP =
      TestNode.APP
          .withOptions(TestNode.APP.options().withSubscriptionCounts(false))
          .withHistory(List.of(HistoryRule.DEFAULTS));

  @TempDir Path folder;

  @Test
  void onlyTheClientAnswersPings() throws IOException {
    try (TestNode node = TestNode.start(APP)) {
      Report report = Examination.of("ws://127.0.0.1:" + node.port(), APP);
      assertWell(report);
      assertThat(report.outcome(Step.CONFIRMATION))
          .isEqualTo(new Outcome.Passed("pings arrive, and only the client answers them"));
    }
  }

  @Test
  void withoutARuleThereIsNothingToConfirm() throws IOException {
    try (TestNode node = TestNode.start()) {
      Report report = Examination.of("ws://127.0.0.1:" + node.port(), TestNode.APP);
      assertThat(report.outcome(Step.CONFIRMATION)).isInstanceOf(Outcome.Skipped.class);
      assertThat(report.outcome(Step.CONFIRMATION).finding())
          .startsWith("no rule for history covers fanfare-doctor-");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kept-a", "private-kept-a", "private-encrypted-kept-a", "presence-kept-a"})
  void theChannelMayBeChosen(String channel) throws IOException {
    String prefix = channel.substring(0, channel.length() - 1);
    HistoryRule rule = HistoryRule.DEFAULTS.withChannels(ChannelFilter.ALL.withPrefix(prefix));
    App app = APP.withHistory(List.of(rule));
    try (TestNode node = TestNode.start(app)) {
      DoctorOptions options = Examination.options("ws://127.0.0.1:" + node.port(), app);
      assertThat(Examination.of(options.withHistoryChannel(channel)).outcome(Step.CONFIRMATION))
          .isEqualTo(new Outcome.Passed("pings arrive, and only the client answers them"));
    }
  }

  @Test
  void aChosenChannelMustBeKeptAndValid() throws IOException {
    HistoryRule rule = HistoryRule.DEFAULTS.withChannels(ChannelFilter.ALL.withPrefix("kept-"));
    App app = APP.withHistory(List.of(rule));
    try (TestNode node = TestNode.start(app)) {
      DoctorOptions options = Examination.options("ws://127.0.0.1:" + node.port(), app);
      assertThat(Examination.of(options.withHistoryChannel("other")).outcome(Step.CONFIRMATION))
          .isEqualTo(new Outcome.Skipped("no rule for history covers other"));
      assertThat(
              Examination.of(options.withHistoryChannel("a b"))
                  .outcome(Step.CONFIRMATION)
                  .finding())
          .startsWith("the event was refused: 400 \"Invalid channel");
    }
  }

  @Test
  void aProxyThatAnswersForItsClientsIsReported() throws IOException {
    try (TestNode node = TestNode.start(APP);
        AnsweringProxy proxy = new AnsweringProxy(node.port())) {
      Report report = Examination.of("ws://127.0.0.1:" + proxy.port(), APP);
      assertThat(report.isGood()).isTrue();
      Outcome outcome = report.outcome(Step.CONFIRMATION);
      assertThat(outcome).isInstanceOf(Outcome.Warned.class);
      assertThat(outcome.finding()).startsWith("a proxy answers WebSocket pings for its clients");
      assertThat(((Outcome.Warned) outcome).remedy()).contains("history_overlap_milliseconds");
    }
  }

  private ProxyProcess proxy(ProxyKind kind, TestNode node) throws IOException {
    int port = FreePort.number();
    Site site = new Site(false, "localhost", port, "");
    String block = new ProxyBlock(site, "127.0.0.1:" + node.port(), 120).text(kind);
    return switch (kind) {
      case NGINX -> ProxyProcess.nginx(folder, port, block);
      case APACHE -> ProxyProcess.apache(folder, port, block);
      default -> ProxyProcess.caddy(folder, port, block);
    };
  }

  private static RawSocket subscribed(ProxyProcess proxy) throws IOException {
    RawSocket socket = RawSocket.established(proxy.port(), APP.key() + "/phone~1");
    socket.subscribe("feed");
    assertThat(socket.nextText()).contains("subscription_succeeded");
    return socket;
  }

  private static void publish(Api api, String data) throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"%s\"}".formatted(data);
    assertThat(api.post("/events", body).statusCode()).isEqualTo(200);
  }

  /// The tag, the payload of pings and what was missed pass through the proxies as configured in
  /// docs/operations.md.
  @ParameterizedTest
  @EnumSource(names = {"NGINX", "APACHE", "CADDY"})
  void aClientResumesThroughAProxy(ProxyKind kind) throws IOException {
    try (TestNode node = TestNode.start(APP);
        Api api = new Api(node);
        ProxyProcess proxy = proxy(kind, node)) {
      Report report = Examination.of("ws://localhost:" + proxy.port(), APP);
      assertThat(report.outcome(Step.CONFIRMATION))
          .isEqualTo(new Outcome.Passed("pings arrive, and only the client answers them"));
      try (RawSocket first = subscribed(proxy)) {
        publish(api, "1");
        assertThat(first.nextText()).contains("\"data\":\"1\"");
        RawSocket.Frame ping = first.nextFrame();
        assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
        assertThat(ping.payload()).isEqualTo("f1".getBytes(StandardCharsets.US_ASCII));
        first.sendFrame(RawSocket.PONG, true, ping.payload());
        first.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
        assertThat(first.nextText()).contains("pusher:pong");
      }
      publish(api, "2");
      try (RawSocket second = subscribed(proxy)) {
        assertThat(second.nextText()).contains("\"data\":\"2\"");
      }
    }
  }
}
