package dev.fanfare.loadtest.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A minimal server for the load test, on plain sockets, with faults on demand. A virtual thread
/// per connection; shared state is guarded by this object.
public final class TinyServer implements AutoCloseable {

  static final String APP_ID = "app-id";
  static final String KEY = "app-key";
  static final String SECRET = "app-secret";

  /// The event that fails, and the next one for [Fault#SWAP].
  private static final int VICTIM = 5;

  private static final int LEAK_BYTES = 1 << 20;
  private static final int DIRECT_BYTES = 1 << 20;

  private final ServerSocket listener;
  private final Fault fault;
  private final Map<String, List<TinyConnection>> channels = new LinkedHashMap<>();
  private final Map<TinyConnection, Map<String, String>> members = new LinkedHashMap<>();

  /// What [Fault#LEAK] leaks.
  private final List<byte[]> leaked = new ArrayList<>();

  /// All open connections, which [Fault#CRASH] closes.
  private final List<Socket> sockets = new ArrayList<>();

  /// Servers that deliver what is published here to their subscribers too.
  private volatile List<TinyServer> peers = List.of();

  /// Events that a new subscriber of a channel gets.
  private volatile int rewind;

  /// The frames of all events, if any are to be replayed.
  private final Map<String, List<String>> kept = new LinkedHashMap<>();

  private int events;
  private int webSockets;
  private boolean unready;
  private int connections;
  private String heldBack = "";

  public TinyServer(Fault fault) throws IOException {
    this(fault, 0);
  }

  private TinyServer(Fault fault, int port) throws IOException {
    this.fault = fault;
    listener = new ServerSocket(port, 1_000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Runs a server with the named fault, on the port given or any, prints the port, and runs until
  /// it is killed. Holds one direct buffer, since it would otherwise have none.
  public static void main(String[] args) throws IOException, InterruptedException {
    ByteBuffer direct = ByteBuffer.allocateDirect(DIRECT_BYTES);
    int port = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    try (TinyServer server = new TinyServer(Fault.valueOf(args[0]), port)) {
      System.out.println(server.port());
      Thread.currentThread().join();
    } finally {
      Reference.reachabilityFence(direct);
    }
  }

  /// Makes two servers nodes of one cluster.
  public static void join(TinyServer first, TinyServer second) {
    first.peers = List.of(second);
    second.peers = List.of(first);
  }

  /// From now on, new subscribers get the last events of their channel.
  public void rewind(int most) {
    rewind = most;
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        int number = nextConnection(socket);
        Thread.ofVirtual().start(() -> new TinyConnection(this, socket, number).run());
      } catch (IOException e) {
        return;
      }
    }
  }

  private synchronized int nextConnection(Socket socket) {
    sockets.add(socket);
    if (fault == Fault.LEAK) {
      leaked.add(new byte[LEAK_BYTES]);
    }
    return ++connections;
  }

  synchronized void join(TinyConnection who, String channel, String userId) {
    List<TinyConnection> there = channels.computeIfAbsent(channel, _ -> new ArrayList<>());
    there.add(who);
    who.text(
        "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"%s\",\"data\":\"{}\"}"
            .formatted(channel));
    List<String> before = kept.getOrDefault(channel, List.of());
    before.subList(Math.max(0, before.size() - rewind), before.size()).forEach(who::text);
    if (!userId.isEmpty()) {
      members.computeIfAbsent(who, _ -> new LinkedHashMap<>()).put(channel, userId);
      notice(who, channel, "member_added", userId);
    }
  }

  synchronized void leave(TinyConnection who, String channel) {
    List<TinyConnection> there = channels.getOrDefault(channel, List.of());
    if (there.remove(who) && there.isEmpty()) {
      channels.remove(channel);
    }
    String userId = members.getOrDefault(who, Map.of()).get(channel);
    if (userId != null) {
      notice(who, channel, "member_removed", userId);
    }
  }

  synchronized void leaveAll(TinyConnection who) {
    List.copyOf(channels.keySet()).forEach(channel -> leave(who, channel));
    members.remove(who);
  }

  private void notice(TinyConnection who, String channel, String event, String userId) {
    String frame =
        "{\"event\":\"pusher_internal:%s\",\"channel\":\"%s\",\"data\":\"{\\\"user_id\\\":\\\"%s\\\"}\"}"
            .formatted(event, channel, userId);
    for (TinyConnection member : channels.getOrDefault(channel, List.of())) {
      if (member != who) {
        member.text(frame);
      }
    }
  }

  /// Sends an event to all subscribers of a channel, or to all but one.
  void publish(String name, String channel, String data, @Nullable TinyConnection except) {
    publishHere(name, channel, data, except);
    peers.forEach(peer -> peer.publishHere(name, channel, data, except));
  }

  private synchronized void publishHere(
      String name, String channel, String data, @Nullable TinyConnection except) {
    String frame =
        "{\"event\":\"%s\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(name, channel, data);
    if (rewind > 0) {
      kept.computeIfAbsent(channel, _ -> new ArrayList<>()).add(frame);
    }
    int event = events++;
    List<TinyConnection> there = channels.getOrDefault(channel, List.of());
    for (int i = 0; i < there.size(); i++) {
      if (there.get(i) != except) {
        deliver(there.get(i), frame, i == 0 ? event : -1);
      }
    }
    if (fault == Fault.CRASH && event == VICTIM) {
      crash();
    }
  }

  private void crash() {
    close();
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void deliver(TinyConnection to, String frame, int event) {
    boolean victim = event == VICTIM;
    switch (fault) {
      case LOSE -> {
        if (!victim) {
          to.text(frame);
        }
      }
      case DOUBLE -> {
        to.text(frame);
        if (victim) {
          to.text(frame);
        }
      }
      case SWAP -> {
        heldBack = victim ? frame : heldBack;
        if (!victim) {
          to.text(frame);
        }
        if (event == VICTIM + 1) {
          to.text(heldBack);
        }
      }
      case MISDIRECT ->
          to.text(victim ? frame.replaceFirst("(@fanfare.{4}).{4}", "$10063") : frame);
      case HANG_UP -> {
        to.text(frame);
        if (victim) {
          to.hangUp();
        }
      }
      case NONE, REFUSE_PINGS, LEAK, STAY_PLAIN, CRASH, DIE, COUNT_UP, UNREADY -> to.text(frame);
    }
  }

  /// A WebSocket was opened (1) or closed (-1).
  synchronized void count(int change) {
    webSockets += fault == Fault.COUNT_UP ? Math.max(0, change) : change;
  }

  /// A request with very many parameters.
  synchronized void abused() {
    if (fault == Fault.DIE) {
      Runtime.getRuntime().halt(3);
    }
    unready = fault == Fault.UNREADY;
  }

  synchronized boolean isReady() {
    return !unready;
  }

  synchronized String metrics() {
    return "# TYPE fanfare_connections gauge\nfanfare_connections{app=\"app-id\"} %d.0\n"
        .formatted(webSockets);
  }

  boolean compresses() {
    return fault != Fault.STAY_PLAIN;
  }

  boolean refusesPings() {
    return fault == Fault.REFUSE_PINGS;
  }

  synchronized String channelList() {
    List<String> names = new ArrayList<>();
    channels.keySet().forEach(channel -> names.add("\"" + channel + "\":{}"));
    return "{\"channels\":{" + String.join(",", names) + "}}";
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
