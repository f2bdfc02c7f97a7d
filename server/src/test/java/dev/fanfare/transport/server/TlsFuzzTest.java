package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.tls.Loaded;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.tls.PortPolicy;
import dev.fanfare.transport.tls.Tls;
import io.netty.util.concurrent.ImmediateExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The first bytes on a port for TLS and plain text, cut into segments: whatever they are, every
/// buffer is released and nothing is logged as an error. If the first byte is odd, the rest mutates
/// the hello of a real client, two bytes per change: the offset and the new value.
final class TlsFuzzTest {

  @TempDir private static Path folder;
  private static final List<Tls> ENGINES = new ArrayList<>();
  private static TlsOptions options = TlsOptions.OFF;
  private static byte[] hello = {};

  @BeforeAll
  static void begin() throws Exception {
    options = Authority.in(folder).issue("ec").options("ec");
    for (TlsOptions.Engine engine : List.of(TlsOptions.Engine.OPENSSL, TlsOptions.Engine.JDK)) {
      Tls tls = new Tls(options.withEngine(engine), ImmediateExecutor.INSTANCE, NanoClock.SYSTEM);
      switch (options.files().load(Instant.now())) {
        case Loaded.Good good -> tls.use(good.credentials());
        case Loaded.Bad bad -> throw new AssertionError(bad.text());
      }
      ENGINES.add(tls);
    }
    SSLEngine client = SSLContext.getDefault().createSSLEngine("localhost", 443);
    client.setUseClientMode(true);
    ByteBuffer out = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), out);
    hello = Arrays.copyOf(out.array(), out.position());
  }

  @FuzzTest
  void anyFirstBytesCloseAtMostTheirSocket(byte[] input) throws IOException {
    try (ErrorLog errors = ErrorLog.open()) {
      for (Tls tls : ENGINES) {
        check(input, tls);
      }
      assertThat(errors.lines()).isEmpty();
    }
  }

  private static void check(byte[] input, Tls tls) {
    byte[] stream = input;
    if (input.length > 0 && (input[0] & 1) == 1) {
      stream = hello.clone();
      for (int i = 2; i < input.length; i += 2) {
        stream[(input[i - 1] & 0xff) % stream.length] = input[i];
      }
    }
    ServerOptions server = ServerOptions.DEFAULTS.withTls(options);
    EmbeddedSocket socket = new EmbeddedSocket(server, PortPolicy.main(options, tls));
    int step = input.length < 2 ? stream.length : Math.max(1, input[1] & 0xff);
    for (int from = 0; from < stream.length; from += step) {
      socket.receive(stream, from, Math.min(stream.length, from + step));
    }
    socket.end();
    assertThat(socket.leakedBytes()).as("bytes not released").isZero();
  }
}
