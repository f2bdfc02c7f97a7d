package dev.fanfare.transport;

import dev.fanfare.protocol.Parsed;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/// Shares the process's open files between WebSockets and everything else, by our own count: the
/// kernel only says no when it is too late to say why. Thread-safe.
///
/// WebSockets leave [#SPARE_FILES] free for HTTP requests, health checks, metrics, webhooks and
/// logs; a client above that gets 4100. Sockets that are not upgraded may use half of the spare
/// files, the other half is never used for accepted sockets. When the limit is too low for that,
/// connections get half of what the process itself leaves. A configured limit of sockets applies on
/// top of that.
public final class FileBudget {

  /// Files that WebSockets leave free.
  static final int SPARE_FILES = 64;

  /// Files left before the accept limit at which refused sockets no longer linger.
  private static final int TIGHT_FILES = 16;

  /// Sockets below `max_sockets` that WebSockets leave free for HTTP.
  private static final int HTTP_SOCKETS = 32;

  private final OpenFiles files;
  private final IntSupplier webhooks;
  private final int maxSockets;
  private final AtomicInteger sockets = new AtomicInteger();
  private final AtomicInteger webSockets = new AtomicInteger();
  private final ChannelFutureListener socketClosed;
  private final ChannelFutureListener webSocketClosed = _ -> webSockets.decrementAndGet();
  private final int atStart;

  /// Open files that are no client sockets.
  private volatile int others;

  private int before;

  /// Set once, before sockets are accepted.
  private volatile Runnable onClosed = () -> {};

  /// Files are counted here for the first time; create it when the server's own files are open.
  ///
  /// @param webhooks files that webhooks may come to use, one per endpoint
  /// @param maxSockets accepted sockets that may be open at once, 0 for as many as there are files
  public FileBudget(OpenFiles files, IntSupplier webhooks, int maxSockets) {
    this.files = files;
    this.webhooks = webhooks;
    this.maxSockets = maxSockets == 0 ? Integer.MAX_VALUE : maxSockets;
    this.atStart = files.open();
    this.before = atStart;
    this.others = atStart + webhooks.getAsInt();
    this.socketClosed =
        _ -> {
          sockets.decrementAndGet();
          onClosed.run();
        };
  }

  /// Asks the system how many files are open, and so how many are no client sockets; called by one
  /// thread, about once a minute, since only our sockets come and go in great numbers. A socket's
  /// file may be open a little before and after we count it, so a higher number must be seen twice.
  ///
  /// @return true if that is so, and the next call should follow soon
  public boolean measure() {
    int now = files.open() - sockets.get();
    others = Math.max(atStart + webhooks.getAsInt(), Math.min(now, before));
    before = now;
    return now > others;
  }

  /// Fails if no more WebSockets are accepted at the moment.
  public Parsed<Parsed.Passed> check() {
    return webSockets.get() < maxWebSockets() ? Parsed.PASSED : full();
  }

  /// Fails if the limit does not leave enough for everything, with a line for the log at startup.
  public Parsed<Parsed.Passed> checkLimit() {
    return spare() == SPARE_FILES
        ? Parsed.PASSED
        : new Parsed.Bad<>(
            "the open-file limit (nofile) is only "
                + files.limit()
                + ", and the server itself uses "
                + others
                + ": at most "
                + maxWebSockets()
                + " connections");
  }

  /// Runs when an accepted socket has been closed, on its lane.
  public void onClosed(Runnable action) {
    onClosed = action;
  }

  /// Counts an accepted socket until it is closed.
  public void accept(Channel socket) {
    sockets.incrementAndGet();
    var _ = socket.closeFuture().addListener(socketClosed);
  }

  /// Counts an accepted socket as a WebSocket until it is closed; fails if there is no file left
  /// for it.
  public Parsed<Parsed.Passed> upgrade(Channel socket) {
    Parsed<Parsed.Passed> connected = connect();
    if (connected instanceof Parsed.Ok) {
      var _ = socket.closeFuture().addListener(webSocketClosed);
    }
    return connected;
  }

  /// Counts a connection over plain HTTP as a WebSocket until [#disconnect], because it holds a
  /// socket most of the time; fails if there is no file left for it.
  public Parsed<Parsed.Passed> connect() {
    if (webSockets.incrementAndGet() > maxWebSockets()) {
      webSockets.decrementAndGet();
      return full();
    }
    return Parsed.PASSED;
  }

  /// A connection for which [#connect] did not fail has ended.
  public void disconnect() {
    webSockets.decrementAndGet();
  }

  /// Sockets that may still be accepted; negative if there are too many.
  public int room() {
    return Math.min(free() - spare() / 2, maxSockets) - sockets.get();
  }

  /// True if sockets that were refused must be closed at once to make room.
  public boolean isTight() {
    return room() < TIGHT_FILES;
  }

  private int maxWebSockets() {
    return Math.min(free() - spare(), maxSockets - keptForHttp());
  }

  private int keptForHttp() {
    return (int) Math.min(HTTP_SOCKETS, (maxSockets + 2L) / 4);
  }

  /// Files for client sockets and the spare.
  private int free() {
    return Math.max(0, files.limit() - others);
  }

  private int spare() {
    return Math.min(SPARE_FILES, free() / 2);
  }

  private Parsed<Parsed.Passed> full() {
    if (maxSockets - keptForHttp() < free() - spare()) {
      return new Parsed.Bad<>(
          "The server has "
              + webSockets.get()
              + " connections, the limit is "
              + maxSockets
              + " sockets, "
              + keptForHttp()
              + " of them for HTTP (max_sockets)");
    }
    return new Parsed.Bad<>(
        "The server has reached its open-file limit: "
            + webSockets.get()
            + " connections, "
            + others
            + " other files, "
            + spare()
            + " of "
            + files.limit()
            + " kept free (nofile)");
  }
}
