package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.ResponseScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// One persistent connection to the HTTP API, with up to a window of requests in flight. It can be
/// reopened after the server closes it. Confined to the loop's thread.
public final class HttpSocket {

  private final int number;
  private final Connector connector;
  private final HttpListener listener;

  /// Scheduled times of the unanswered requests: a ring with the oldest at `head`.
  private final long[] intendedNs;

  private int head;
  private int unanswered;
  private boolean unflushed;
  private boolean closing;
  private @Nullable Channel socket;

  /// @param window requests that may be unanswered at a time
  public HttpSocket(int number, Connector connector, int window, HttpListener listener) {
    this.number = number;
    this.connector = connector;
    this.listener = listener;
    this.intendedNs = new long[window];
  }

  public int number() {
    return number;
  }

  /// Connects, or connects again; [HttpListener#onReady] or `onClosed` follows.
  public void open() {
    closing = false;
    connector.connectPublisher(new Handler(), why -> listener.onClosed(this, 0, why));
  }

  public boolean canSend() {
    return socket != null && !closing && unanswered < intendedNs.length;
  }

  public int unanswered() {
    return unanswered;
  }

  /// Writes a request; [#flush] sends what was written.
  public void send(byte[] request, long intended) {
    Channel open = socket;
    if (open == null) {
      throw new IllegalStateException("not connected");
    }
    intendedNs[(head + unanswered) % intendedNs.length] = intended;
    unanswered++;
    unflushed = true;
    var _ = open.write(Unpooled.wrappedBuffer(request), open.voidPromise());
  }

  public void flush() {
    if (unflushed && socket != null) {
      unflushed = false;
      socket.flush();
    }
  }

  public void close() {
    if (socket != null) {
      var _ = socket.close();
    }
  }

  private final class Handler extends ChannelInboundHandlerAdapter {
    private final ResponseScanner scanner = new ResponseScanner(this::onResponse);
    private String why = "the server closed the HTTP connection";

    @Override
    public void channelActive(ChannelHandlerContext context) {
      socket = context.channel();
      listener.onReady(HttpSocket.this);
      flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        connector.clock().tick();
        scanner.scan(Connector.view(bytes));
      } finally {
        bytes.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      flush();
    }

    private void onResponse(int status, boolean closes, String body) {
      closing |= closes;
      if (unanswered == 0) {
        why = "the server sent a response without a request: " + status + " " + body;
        close();
        return;
      }
      long intended = intendedNs[head];
      head = (head + 1) % intendedNs.length;
      unanswered--;
      listener.onAnswer(HttpSocket.this, status, intended, body);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      socket = null;
      unflushed = false;
      int left = unanswered;
      unanswered = 0;
      listener.onClosed(HttpSocket.this, left, why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      why = Connector.reason(cause);
      close();
    }
  }
}
