package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.memory.DirectMemory;
import java.io.IOException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class NettyServerTest {

  @Test
  void aLaneThatHasEndedIsNoticedUnlessTheServerIsClosed() throws IOException {
    ServerOptions options = ServerOptions.DEFAULTS.withHost("127.0.0.1").withPort(0).withLanes(2);
    NettyServer server =
        new NettyServer(
            options,
            NanoClock.SYSTEM,
            InstantSource.system(),
            Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess()));
    assertThat(server.hasDeadLane()).isFalse();
    var ended = server.endOneLane();
    await().until(ended::isDone);
    assertThat(server.hasDeadLane()).isTrue();
    server.close();
    assertThat(server.hasDeadLane()).isFalse();
  }
}
