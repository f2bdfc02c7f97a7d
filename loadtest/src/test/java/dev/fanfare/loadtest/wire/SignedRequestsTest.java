package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.plan.TargetBuilder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SignedRequestsTest {

  private final SignedRequests requests =
      new SignedRequests(
          TargetBuilder.builder()
              .host("::1")
              .port(6001)
              .tls(false)
              .insecure(false)
              .appId("3")
              .key("278d425bdf160c739803")
              .secret("7ad3773142a6692b25b8")
              .build());

  /// The example that Pusher publishes (section 6.2).
  @Test
  void publishedExample() {
    byte[] body =
        "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}"
            .getBytes(StandardCharsets.UTF_8);
    String request = new String(requests.publish(body, 1_353_088_179_500L), StandardCharsets.UTF_8);
    assertThat(request)
        .isEqualTo(
            """
            POST /apps/3/events?auth_key=278d425bdf160c739803&auth_timestamp=1353088179\
            &auth_version=1.0&body_md5=ec365a775a4cd0599faeb73354201b6f\
            &auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c\
             HTTP/1.1\r
            Host: [::1]:6001\r
            Content-Type: application/json\r
            Content-Length: 68\r
            \r
            {"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}\
            """);
  }

  @Test
  void timestampsAreFresh() {
    assertThat(text(requests.get("/channels", 1_000_000L))).contains("auth_timestamp=1000&");
    assertThat(text(requests.get("/channels", 1_001_999L))).contains("auth_timestamp=1001&");
  }

  @Test
  void subscriptionAuth() {
    assertThat(requests.auth("1234.1234:private-foobar"))
        .isEqualTo(
            "278d425bdf160c739803:"
                + "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
