package dev.fanfare.acme;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/// The port on which an authority asks over HTTP whether a domain is ours (RFC 8555 section 8.3).
/// Everything else gets 404. It is open to the world, so a connection may send one short request
/// and has ten seconds; the oldest of 64 gives way to a new one.
///
/// One thread accepts; each connection has a virtual thread, because answers are read from the
/// disk.
final class ChallengePort implements AutoCloseable {

  private static final Logger log = Component.TLS.logger();

  static final int MAX_CONNECTIONS = 64;

  private static final int MAX_HEAD_BYTES = 4_096;
  private static final long CONNECTION_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Pattern REQUEST =
      Pattern.compile("GET /\\.well-known/acme-challenge/([A-Za-z0-9_-]+) HTTP/1\\.[01]");

  private final ServerSocketChannel listener;
  private final AcmeFolder folder;
  private final NanoClock clock;
  private final Vital vital = new Vital("fanfare-challenges");

  /// Oldest first. Guarded by itself.
  private final Set<SocketChannel> open = new LinkedHashSet<>();

  private ChallengePort(ServerSocketChannel listener, AcmeFolder folder, NanoClock clock) {
    this.listener = listener;
    this.folder = folder;
    this.clock = clock;
  }

  /// Starts to listen.
  ///
  /// @throws IOException with the address and the settings in the message
  static ChallengePort open(String host, int port, AcmeFolder folder, NanoClock clock)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("cannot resolve " + host + " (host)");
    }
    // As on the main port, 0.0.0.0 is IPv4 only and :: is both.
    ServerSocketChannel listener =
        address.getAddress() instanceof Inet4Address
            ? ServerSocketChannel.open(StandardProtocolFamily.INET)
            : ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address);
    } catch (IOException e) {
      listener.close();
      throw new IOException(
          "cannot listen on "
              + host
              + ":"
              + port
              + " for challenges of ACME (acme_http_port): "
              + e.getMessage(),
          e);
    }
    ChallengePort opened = new ChallengePort(listener, folder, clock);
    Thread.ofPlatform()
        .name("fanfare-challenges")
        .daemon()
        .start(() -> opened.vital.keepAlive(opened::accept));
    return opened;
  }

  int port() {
    return listener.socket().getLocalPort();
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel socket = listener.accept();
        admit(socket);
        Thread.ofVirtual().name("fanfare-challenges").start(() -> serve(socket));
      } catch (IOException e) {
        LockSupport.parkNanos(RETRY_NS);
      }
    }
  }

  private void admit(SocketChannel socket) {
    synchronized (open) {
      if (open.size() >= MAX_CONNECTIONS) {
        Iterator<SocketChannel> all = open.iterator();
        SocketChannel oldest = all.next();
        all.remove();
        close(oldest);
      }
      open.add(socket);
    }
  }

  private void serve(SocketChannel channel) {
    try {
      Socket socket = channel.socket();
      String head = readHead(socket);
      int line = head.indexOf("\r\n");
      if (line >= 0) {
        socket.getOutputStream().write(response(head.substring(0, line)));
      }
    } catch (IOException e) {
      log.debug("a connection for a challenge failed: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("could not answer a challenge", e);
    } finally {
      synchronized (open) {
        open.remove(channel);
      }
      close(channel);
    }
  }

  /// The request line and the headers; empty if they are too long or did not arrive in time.
  private String readHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    long deadlineNs = clock.nanoTime() + CONNECTION_NS;
    byte[] bytes = new byte[MAX_HEAD_BYTES];
    int length = 0;
    while (length < bytes.length) {
      long leftNs = deadlineNs - clock.nanoTime();
      if (leftNs <= 0) {
        return "";
      }
      socket.setSoTimeout(1 + (int) TimeUnit.NANOSECONDS.toMillis(leftNs));
      int read;
      try {
        read = in.read(bytes, length, bytes.length - length);
      } catch (SocketTimeoutException e) {
        continue; // the clock may have stood still
      }
      if (read < 0) {
        return "";
      }
      length += read;
      String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      if (head.contains("\r\n\r\n")) {
        return head;
      }
    }
    return "";
  }

  private byte[] response(String line) throws IOException {
    Matcher request = REQUEST.matcher(line);
    String answer = request.matches() ? folder.answer(request.group(1)) : "";
    return answer.isEmpty()
        ? response("404 Not Found", "Only challenges of ACME are answered here")
        : response("200 OK", answer);
  }

  private static byte[] response(String status, String body) {
    String text =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: "
            + (status.startsWith("200") ? "application/octet-stream" : "text/plain")
            + "\r\nX-Content-Type-Options: nosniff\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body;
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void close(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed in any case.
    }
  }

  /// Stops listening and ends all connections.
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      log.debug("closing the port for challenges failed", e);
    }
    synchronized (open) {
      open.forEach(ChallengePort::close);
      open.clear();
    }
  }
}
