package dev.fanfare.transport.fallback;

import dev.fanfare.http.Response;
import dev.fanfare.transport.AddressSlot;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.websocket.Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;

/// One request and the response to it, on a socket of any lane. What writes the response may be
/// called by any thread and never throws; all else belongs to the socket's lane. Once the response
/// is complete or the socket is gone, nothing is written any more.
public interface Exchange {

  /// The request without its body.
  HttpRequest request();

  /// Where it came from, behind trusted proxies too.
  Remote client();

  /// The socket's place in the count of its address.
  AddressSlot slot();

  /// True if the request came without TLS where TLS is required.
  boolean isPlainRefused();

  /// True if the socket speaks TLS. Any thread.
  boolean isSecure();

  LaneContext context();

  /// The socket's event loop.
  EventExecutor loop();

  /// Decides about new connections.
  Upgrade upgrade();

  /// The response follows later; until then no other request is read.
  ///
  /// @param bytes that are kept until then
  /// @return false if they may not be kept; the request was refused
  boolean await(int bytes);

  /// The response follows when there is something to send; a socket that closes is noticed.
  ///
  /// @param onGone runs on the socket's lane if it closes before
  void watch(Runnable onGone);

  /// True until the response is complete or the socket is gone.
  boolean isOpen();

  /// Responds. Any thread.
  void respond(Response response);

  /// Begins a response without a length. Any thread.
  void open(Response head);

  /// Sends part of that response. Any thread.
  ///
  /// @param part released here
  /// @param whenSent runs when it was passed to the kernel or is lost; on any thread
  void write(ByteBuf part, Runnable whenSent);

  /// Ends that response. Any thread.
  void end();
}
