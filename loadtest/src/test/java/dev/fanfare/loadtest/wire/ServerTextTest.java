package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ServerTextTest {

  @Test
  void dataMayBeAStringOrAnObject() {
    ServerText string =
        ServerText.parse("{\"event\":\"e\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\"}\"}");
    ServerText object = ServerText.parse("{\"data\":{\"socket_id\":\"1.2\"},\"event\":\"e\"}");
    assertThat(string.dataField("socket_id")).isEqualTo("1.2");
    assertThat(object.dataField("socket_id")).isEqualTo("1.2");
    assertThat(object.event()).isEqualTo("e");
  }

  @Test
  void errorsOfAllServersReadTheSame() {
    assertThat(errorText("{\"code\":4001,\"message\":\"App key x\"}")).isEqualTo("4001 App key x");
    assertThat(errorText("{\"code\":null,\"message\":\"Bad\"}")).isEqualTo("Bad");
    assertThat(errorText("{\"type\":\"AuthError\",\"error\":\"Nope\",\"status\":401}"))
        .isEqualTo("Nope");
    assertThat(errorText("\"what?\"")).isEqualTo("what?");
  }

  @Test
  void textThatIsNotJsonIsKeptAsData() {
    assertThat(ServerText.parse("hello")).isEqualTo(new ServerText("", "", "hello"));
  }

  private static String errorText(String data) {
    return ServerText.parse("{\"event\":\"pusher:error\",\"data\":" + data + "}").errorText();
  }
}
