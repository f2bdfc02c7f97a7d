package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that cannot unpack BoringSSL, as where the folder for temporary files is missing,
/// read-only or noexec.
final class TlsEngineStartTest {

  private static final int LIFE_SECONDS = 120;
  private static final Pattern PORT = Pattern.compile("address +https://localhost:(\\d+)");

  @TempDir Path folder;

  private Map<String, String> environment(Authority authority) {
    Map<String, String> environment = new HashMap<>();
    environment.put("FANFARE_HOST", "127.0.0.1");
    environment.put("FANFARE_TLS_CERTIFICATE", authority.path("ec-chain.pem").toString());
    environment.put("FANFARE_TLS_KEY", authority.path("ec.key").toString());
    environment.put("JDK_JAVA_OPTIONS", "-Dio.netty.native.workdir=/dev/null");
    return environment;
  }

  private static String upTo(Process server, String last) throws IOException {
    StringBuilder text = new StringBuilder();
    String line = "";
    while (!line.contains(last)) {
      line = server.inputReader().readLine();
      assertThat(line).as("the process has ended before: %s; %s", last, text).isNotNull();
      text.append(line).append('\n');
    }
    return text.toString();
  }

  @Test
  void theJdkStandsInUnlessBoringSslIsRequired() throws Exception {
    Authority authority = Authority.in(folder).issue("ec");
    Map<String, String> environment = environment(authority);
    Process server = ServerProcess.start(LIFE_SECONDS, environment);
    try {
      String text = upTo(server, "  transport ");
      assertThat(text).contains(", TLS by JDK (not BoringSSL: its library cannot be loaded: ");
      Matcher port = PORT.matcher(text);
      assertThat(port.find()).as(text).isTrue();
      authority.connect(Integer.parseInt(port.group(1))).close();
    } finally {
      server.destroyForcibly();
    }
    environment.put("FANFARE_TLS_ENGINE", "openssl");
    Process refusing = ServerProcess.start(LIFE_SECONDS, environment);
    List<String> lines = refusing.inputReader().lines().toList();
    assertThat(String.join("\n", lines))
        .contains(
            "tls_engine is openssl, and BoringSSL cannot be used: its library cannot be loaded: ",
            "; `tls_engine: auto` uses the JDK's engine instead");
    assertThat(refusing.waitFor()).isEqualTo(1);
  }
}
