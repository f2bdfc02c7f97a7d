package dev.fanfare.history.disk;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Inherited;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.segment.Moment;
import dev.fanfare.history.segment.NewerFormat;
import dev.fanfare.history.segment.RestartFile;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// An orderly restart loses nothing of what is in memory: it is in a file in between. The threads
/// that start and close the server.
final class OrderlyRestart {

  /// A shutdown takes at most that much longer.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger log = Component.CHANNELS.logger();

  private final Path path;
  private final MemoryStore memory;
  private final InstantSource wall;
  private final NanoClock clock;

  OrderlyRestart(Path folder, MemoryStore memory, InstantSource wall, NanoClock clock) {
    this.path = folder.resolve("restart");
    this.memory = memory;
    this.wall = wall;
    this.clock = clock;
  }

  private Moment now() {
    return new Moment(wall.millis(), clock.nanoTime());
  }

  /// What has to be written now.
  ///
  /// @param now when the positions were read
  record Contents(
      Moment now,
      EventId reserved,
      List<Inherited.Position> positions,
      List<Inherited.Channel> channels) {

    boolean isEmpty() {
      return positions.isEmpty() && channels.isEmpty();
    }
  }

  Contents contents() {
    return new Contents(now(), memory.reservedIds(), memory.departed().left(), memory.channels());
  }

  /// Writes the file. Returns without it if that takes too long, since a disk that hangs may take
  /// any time.
  void save(Contents contents) {
    Thread writer = Thread.ofVirtual().name("fanfare-restart").start(() -> write(contents));
    try {
      if (!writer.join(PATIENCE)) {
        writer.interrupt(); // closes the file
        log.error(
            "history is lost with this process: writing {} took more than {} s",
            path,
            PATIENCE.toSeconds());
      }
    } catch (InterruptedException e) {
      writer.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void write(Contents contents) {
    try {
      RestartFile.write(
          path, contents.now, contents.reserved, contents.positions, contents.channels);
      log.info(
          "kept the history of {} channels and {} positions of clients for the next start",
          contents.channels.size(),
          contents.positions.size());
    } catch (IOException e) {
      if (!Thread.currentThread().isInterrupted()) {
        log.error("history is lost with this process: cannot write {}: {}", path, reason(e));
      }
    }
  }

  /// Fails if a newer version has left the file: a shutdown would replace it.
  void checkFormat() throws IOException {
    try {
      RestartFile.checkFormat(path);
    } catch (NewerFormat e) {
      throw new IOException(
          "webhooks.data_dir: "
              + e.getMessage()
              + ". Start that version, or move the file away: with it, what was in memory is lost",
          e);
    } catch (IOException e) {
      log.debug("cannot read {}", path, e); // load reports it
    }
  }

  /// Reads the file of the process before, if it left one, and deletes it.
  ///
  /// @param opening opens the log of a channel
  void load(Consumer<ChannelKey> opening) {
    if (!Files.exists(path)) {
      return;
    }
    Moment now = now();
    int[] counts = new int[2];
    RestartFile.Visitor visitor =
        new RestartFile.Visitor() {
          @Override
          public void ids(EventId reserved) {
            memory.reserveIds(reserved);
          }

          @Override
          public void position(Inherited.Position position) {
            counts[0]++;
            memory.departed().restore(position, now.ns());
          }

          @Override
          public void channel(Inherited.Channel channel) {
            counts[1]++;
            memory.restore(channel, now.ns(), () -> opening.accept(channel.channel()));
          }
        };
    try {
      RestartFile.read(path, now, visitor);
      Files.delete(path);
      log.info(
          "took over the history of {} channels and {} positions of clients", counts[1], counts[0]);
    } catch (IOException e) {
      memory.departed().clear(); // without the events, clients would not know what they missed
      log.error(
          "cannot use {}: {}. Events that were in memory at the last shutdown are lost, and"
              + " clients are new{}",
          path,
          reason(e),
          moveAside());
    }
  }

  private String moveAside() {
    Path aside = path.resolveSibling(path.getFileName() + ".damaged");
    try {
      Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
      return "; the file is now " + aside.getFileName();
    } catch (IOException e) {
      return "";
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
