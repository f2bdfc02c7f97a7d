package dev.fanfare.testing;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A server that receives webhooks: keeps every request byte for byte, and accepts it or fails as
/// the test decides.
public final class Receiver implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  /// How a request is answered.
  public enum Manner {
    TAKES("200 OK", "Content-Length: 2", "OK"),
    TAKES_WITH_NO_CONTENT("204 No Content", "Server: x", ""),
    FAILS("500 Internal Server Error", "Content-Length: 0", ""),
    IS_BUSY("429 Too Many Requests", "Content-Length: 0", ""),
    REDIRECTS("302 Found", "Location: /elsewhere\r\nContent-Length: 0", ""),
    ANSWERS_WITHOUT_END("200 OK", "Transfer-Encoding: chunked", ""),
    STALLS("", "", ""),
    STALLS_IN_THE_BODY("200 OK", "Content-Length: 9", "OK"),
    RESETS("", "", "");

    private final String answer;

    Manner(String status, String headers, String body) {
      this.answer =
          status.isEmpty() ? "" : "HTTP/1.1 " + status + "\r\n" + headers + "\r\n\r\n" + body;
    }
  }

  /// One request as received.
  ///
  /// @param lines the request line and the header lines
  /// @param manner how it was answered
  public record Taken(List<String> lines, String body, Manner manner) {

    /// The value of a header, or null.
    public @Nullable String header(String name) {
      return lines.stream()
          .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse(null);
    }

    /// The values of each event: `member_added presence-x 10`.
    public List<String> events() {
      List<String> events = new ArrayList<>();
      try {
        Json.readObject(
            body,
            (field, value) -> {
              if (field.equals("events")) {
                List<List<String>> all = new ArrayList<>();
                value.objects(() -> {
                  List<String> words = new ArrayList<>();
                  all.add(words);
                  return (_, word) -> words.add(word.literal());
                });
                all.forEach(words -> events.add(String.join(" ", words)));
              }
            });
      } catch (MalformedJson e) {
        throw new AssertionError(body, e);
      }
      return events;
    }
  }

  private final ServerSocket listener;
  private final Queue<Manner> manners = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Taken> requests = new LinkedBlockingQueue<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<String> unread = new ArrayList<>();
  private volatile Function<Taken, Manner> usual = _ -> Manner.TAKES;

  public Receiver() throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /// A receiver at an address that does not change, such as that of a recorded outbox.
  public Receiver(InetSocketAddress address) throws IOException {
    listener = new ServerSocket(address.getPort(), 50, address.getAddress());
    var _ = Thread.ofVirtual().start(this::listen);
  }

  public String url() {
    String host = listener.getInetAddress().getHostAddress();
    return "http://" + host + ":" + listener.getLocalPort() + "/hook";
  }

  /// How the next requests are answered, one each, before the default applies.
  public Receiver first(Manner... next) {
    manners.addAll(Arrays.asList(next));
    return this;
  }

  /// How requests are answered from now on.
  public Receiver always(Manner manner) {
    usual = _ -> manner;
    return this;
  }

  /// Asks how each request is to be answered, on the threads that serve.
  public Receiver ask(Function<Taken, Manner> manners) {
    usual = manners;
    return this;
  }

  /// Fails every request that has an event in which `refused` finds something; accepts the others.
  public Receiver failIfAny(Predicate<String> refused) {
    usual = request -> request.events().stream().anyMatch(refused) ? Manner.FAILS : Manner.TAKES;
    return this;
  }

  /// Fails exactly where the official SDKs for PHP and Go throw: at any event of an encrypted
  /// channel without ciphertext, whatever else is in the request.
  public Receiver failLikeSdks() {
    return failIfAny(
        event -> event.contains(" private-encrypted-") && !event.contains("ciphertext"));
  }

  /// The next request, accepted or not.
  public Taken next() {
    try {
      Taken request = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (request == null) {
        throw new AssertionError("no request within " + PATIENCE_SECONDS + " s");
      }
      return request;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The next event of the next request. Only for receivers that accept everything.
  public String nextEvent() {
    while (unread.isEmpty()) {
      unread.addAll(next().events());
    }
    return unread.removeFirst();
  }

  /// All requests that were not returned yet, in the order of arrival.
  public List<Taken> all() {
    List<Taken> all = new ArrayList<>();
    requests.drainTo(all);
    return all;
  }

  /// The number of requests that were not returned yet.
  public int waiting() {
    return requests.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void listen() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        var _ = Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean isKept = true;
      while (isKept) {
        List<String> lines = head(in);
        if (lines.isEmpty()) {
          return;
        }
        Manner how = manners.poll();
        Taken head = new Taken(lines, "", Manner.TAKES);
        int length = Integer.parseInt(String.valueOf(head.header("Content-Length")));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        how = how == null ? usual.apply(new Taken(lines, body, Manner.TAKES)) : how;
        if (how == Manner.RESETS) {
          socket.setSoLinger(true, 0);
        }
        requests.add(new Taken(lines, body, how));
        out.write(how.answer.getBytes(StandardCharsets.US_ASCII));
        isKept = isKept(how, in, out);
      }
    } catch (IOException e) {
      // closed by the server
    } finally {
      sockets.remove(socket);
    }
  }

  private static boolean isKept(Manner how, InputStream in, OutputStream out) throws IOException {
    return switch (how) {
      case TAKES, TAKES_WITH_NO_CONTENT, FAILS, IS_BUSY, REDIRECTS -> true;
      case RESETS -> false;
      case STALLS, STALLS_IN_THE_BODY -> in.read() >= 0; // until the sender closes
      case ANSWERS_WITHOUT_END -> {
        String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
        while (true) {
          out.write(chunk.getBytes(StandardCharsets.US_ASCII));
        }
      }
    };
  }

  /// The lines before the empty one; none at the end of the stream.
  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int c;
    while ((c = in.read()) >= 0) {
      if (c == '\n' && line.isEmpty()) {
        return lines;
      } else if (c == '\n') {
        lines.add(line.toString());
        line.setLength(0);
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    return List.of();
  }
}
