package dev.fanfare.transport.server;

import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Join;
import dev.fanfare.channel.LeaveCause;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.SocketlessSubscriber;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.websocket.CountingSocket;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// A node with one lane and many channels, each with one subscriber, and a publisher that lists
/// them. Meanwhile other subscribers come and go. One thread calls it.
final class ListedNode implements AutoCloseable {

  private static final String PATH = "/apps/" + TestNode.APP.id() + "/channels";

  private final TimedLoop loop = new TimedLoop();
  private final EmbeddedLane lane =
      new EmbeddedLane(
          ServerOptions.DEFAULTS, loop, PooledByteBufAllocator.DEFAULT, ServerListener.NONE);
  private final CountingSocket socket = new CountingSocket();
  private final SocketlessSubscriber subscriber =
      new SocketlessSubscriber("1.1", lane.context().lane());
  private final SocketlessSubscriber visitor =
      new SocketlessSubscriber("1.2", lane.context().lane());
  private final Random random = new Random(1);
  private final int size;
  private boolean isBusy;

  ListedNode(int size) throws InterruptedException, ExecutionException {
    this.size = size;
    loop.submit(
            () -> {
              for (int i = 0; i < size; i++) {
                var _ = join(i, subscriber);
              }
            })
        .get();
    int most = ServerOptions.DEFAULTS.maxPendingBytes();
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(most, most));
    loop.register(socket).sync();
    loop.submit(() -> lane.pipeline(EmbeddedSocket.NO_TLS).init(lane.context(), socket)).get();
  }

  private Join.Joined join(int channel, SocketlessSubscriber who) {
    Channels channels = lane.offline().channels();
    String name = "channel-" + channel;
    if (ChannelName.parse(name, name.length()) instanceof Parsed.Ok<ChannelName> ok
        && channels.join(lane.offline().app(), ok.value(), who, null) instanceof Join.Joined in) {
      who.lane().onJoin(in.subscription());
      return in;
    }
    throw new IllegalStateException(name);
  }

  /// Gets the list once.
  ///
  /// @return bytes of the response
  long list() throws InterruptedException, ExecutionException {
    String query =
        Api.signedQuery(TestNode.APP, "GET", PATH, "", "", lane.offline().epochSeconds());
    String request = "GET " + PATH + "?" + query + " HTTP/1.1\r\nHost: a\r\n\r\n";
    CompletableFuture<Long> response = new CompletableFuture<>();
    loop.submit(() -> receive(request, response)).get();
    long bytes = response.get();
    loop.submit(() -> isBusy = false).get();
    return bytes;
  }

  private void receive(String request, CompletableFuture<Long> response) {
    isBusy = true;
    comeAndGo();
    socket.expect(response);
    socket
        .pipeline()
        .fireChannelRead(Unpooled.wrappedBuffer(request.getBytes(StandardCharsets.UTF_8)))
        .fireChannelReadComplete();
  }

  /// Joins and leaves some channel, in tasks of the lane, until the list is complete.
  private void comeAndGo() {
    if (isBusy) {
      Join.Joined joined = join(random.nextInt(size), visitor);
      lane.offline().channels().leave(joined.subscription(), LeaveCause.CLOSED);
      loop.execute(this::comeAndGo);
    }
  }

  /// What the lane has done since the last call.
  TimedLoop.Figures figures() throws InterruptedException, ExecutionException {
    return loop.submit(loop::take).get();
  }

  @Override
  public void close() {
    lane.context().close();
    var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
