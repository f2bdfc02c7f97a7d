package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.ProxyKind;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Dialer;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.HttpCall;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.doctor.wire.Trust;
import dev.fanfare.protocol.Signature;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// State shared by the steps. Each step runs on a separate thread; one ends before the next begins.
public final class Visit implements AutoCloseable {

  private final DoctorOptions options;
  private final Trust trust;
  private final SecureRandom random = new SecureRandom();
  private final String suffix;
  private volatile List<InetAddress> addresses = List.of();
  private volatile @Nullable InetAddress address;
  private volatile @Nullable PusherSocket socket;
  private volatile @Nullable ProxyKind proxy;
  private volatile String tag = "";
  private volatile String socketId = "";
  private volatile int activitySeconds;

  public Visit(DoctorOptions options) throws IOException {
    this.options = options;
    this.trust = Trust.of(options.ca());
    byte[] bytes = new byte[4];
    random.nextBytes(bytes);
    this.suffix = HexFormat.of().formatHex(bytes);
  }

  public DoctorOptions options() {
    return options;
  }

  /// Another visit to the same address, for a connection beside that of this one. Its client has a
  /// tag, so that the server recognises it.
  Visit beside() throws IOException {
    Visit beside = new Visit(options);
    beside.address = address;
    beside.tag = "/~" + beside.suffix;
    return beside;
  }

  /// What follows the app key in the URL; empty if the client has no tag.
  String tag() {
    return tag;
  }

  Site site() {
    return options.site();
  }

  public AppCredentials credentials() {
    return options.credentials();
  }

  Trust trust() {
    return trust;
  }

  SecureRandom random() {
    return random;
  }

  /// A channel name that no one else uses.
  String channel(String prefix) {
    return prefix + "fanfare-doctor-" + suffix;
  }

  List<InetAddress> addresses() {
    return addresses;
  }

  void setAddresses(List<InetAddress> found) {
    addresses = List.copyOf(found);
  }

  /// The address for all later connections.
  void setAddress(InetAddress chosen) {
    address = chosen;
  }

  Dialer dialer() {
    InetAddress chosen = address;
    if (chosen == null) {
      throw new IllegalStateException("no address was chosen");
    }
    return dialer(chosen);
  }

  Dialer dialer(InetAddress to) {
    String name = options.hostHeader();
    String authority = name == null ? site().authority() : name;
    return new Dialer(site(), authority, to, trust, options.insecure());
  }

  /// Sends a request below the prefix, and remembers the proxy that responded.
  HttpAnswer call(HttpCall call, Deadline deadline) throws IOException {
    String target = site().prefix() + call.target();
    HttpAnswer answer =
        new HttpCall(call.method(), target, call.headers(), call.body()).send(dialer(), deadline);
    note(answer);
    return answer;
  }

  /// Looks for a proxy in the headers of a response.
  void note(HttpAnswer answer) {
    ProxyKind found = ProxyKind.of(answer.header("Server"));
    found = found == null ? ProxyKind.of(answer.header("Via")) : found;
    proxy = found == null ? proxy : found;
  }

  public @Nullable ProxyKind proxy() {
    return proxy;
  }

  /// The upgraded connection.
  PusherSocket socket() {
    PusherSocket current = socket;
    if (current == null) {
      throw new IllegalStateException("nothing was upgraded");
    }
    return current;
  }

  void setSocket(PusherSocket upgraded) {
    socket = upgraded;
  }

  void greeted(String id, int seconds) {
    socketId = id;
    activitySeconds = seconds;
  }

  String socketId() {
    return socketId;
  }

  /// The server's `activity_timeout`; 0 before the handshake.
  public int activitySeconds() {
    return activitySeconds;
  }

  /// `KEY:SIGNATURE` for a private channel.
  String auth(Signature signature, String channel) {
    String toSign = Signature.subscription(socketId, channel, null);
    return credentials().key() + ":" + signature.sign(toSign);
  }

  @Override
  public void close() {
    PusherSocket current = socket;
    if (current != null) {
      current.close();
    }
  }
}
