package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The options in `server/lib`, which the launcher, the archive and the image pass to the JVM.
final class JvmOptionsTest {

  @TempDir Path folder;

  /// Without the JDK's archive of classes, loading them needs half as much metaspace again as in
  /// production, and so exceeds the JVM's default threshold reliably.
  @Test
  void theStartNeedsNoCollectionForClasses() throws IOException {
    Path log = folder.resolve("gc.log");
    String options = "@lib/memory.options @lib/always.options -Xshare:off -Xlog:gc:file=" + log;
    try (RunningServer server = RunningServer.start(options, Map.of());
        RawHttp http = new RawHttp(server.port())) {
      assertThat(http.send(RawHttp.request("GET", "/live", "")).next().status()).isEqualTo(200);
      assertThat(Files.readString(log)).contains("Using Serial").doesNotContain("Metadata");
    }
  }

  @Test
  void aLargeHeapIsCollectedConcurrently() throws IOException {
    Path log = folder.resolve("gc.log");
    String options = "@lib/large.options @lib/always.options -Xmx256m -Xlog:gc:file=" + log;
    try (RunningServer server = RunningServer.start(options, Map.of());
        RawHttp http = new RawHttp(server.port())) {
      assertThat(http.send(RawHttp.request("GET", "/live", "")).next().status()).isEqualTo(200);
      assertThat(Files.readString(log)).contains("Using The Z Garbage Collector");
    }
  }
}
