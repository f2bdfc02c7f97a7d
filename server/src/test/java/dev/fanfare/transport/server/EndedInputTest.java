package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.transport.InputBudget;
import dev.fanfare.transport.ServerOptions.Transport;
import dev.fanfare.transport.SocketInput;
import dev.fanfare.transport.SocketInput.Hold;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A client that sends much and ends its output at once: the loop must not read all of it in one
/// turn.
final class EndedInputTest {

  private static final int SENT = 65_536;

  /// Bytes of each turn that read something.
  private final List<Integer> turns = new CopyOnWriteArrayList<>();

  private final AtomicReference<Channel> accepted = new AtomicReference<>();

  private final class Counter extends SimpleChannelInboundHandler<ByteBuf> {
    private int bytes;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
      bytes += message.readableBytes();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (bytes > 0) {
        turns.add(bytes);
        bytes = 0;
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "NIO"}) // io_uring reads on, but serves others in between
  void isReadInTurns(Transport kind) throws Exception {
    NativeTransport transport = NativeTransport.choose(kind);
    InputBudget budget = new InputBudget(NanoClock.SYSTEM, new LaneTally());
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, transport.handlers());
    try {
      Channel server =
          new ServerBootstrap()
              .group(loop)
              .channelFactory(() -> transport.serverSocket().apply(SocketProtocolFamily.INET))
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel socket) {
                      SocketInput.install(socket, budget);
                      SocketInput.of(socket).setHeld(Hold.RATE, true);
                      socket.pipeline().addLast(new Counter());
                      accepted.set(socket);
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      send((InetSocketAddress) server.localAddress());
      Channel socket = await().until(accepted::get, found -> found != null);
      socket.eventLoop().execute(() -> SocketInput.of(socket).setHeld(Hold.RATE, false));
      assertThat(socket.closeFuture().await(20_000)).isTrue();
      assertThat(turns).allMatch(bytes -> bytes <= 4_096);
      assertThat(turns.stream().mapToInt(Integer::intValue).sum()).isEqualTo(SENT);
    } finally {
      var _ = loop.shutdownGracefully();
    }
  }

  /// Everything is in the server's kernel, with the end, before the server may read.
  private static void send(InetSocketAddress to) throws IOException {
    try (Socket client = new Socket()) {
      client.connect(to);
      client.getOutputStream().write(new byte[SENT]);
      client.shutdownOutput();
    }
  }
}
