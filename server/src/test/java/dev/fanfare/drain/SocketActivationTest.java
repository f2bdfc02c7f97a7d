package dev.fanfare.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A listening socket and a notification socket from a service manager: a restart keeps the port
/// open, and clients come back to the next process.
final class SocketActivationTest {

  private static final int LIFE_SECONDS = 120;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Does what systemd does, twice in a row with the same socket: `LISTEN_PID`, `LISTEN_FDS`, and
  /// `NOTIFY_SOCKET`, from which it prints what arrives.
  private static final String MANAGER =
      """
      import os, signal, socket, sys, threading
      listener = socket.socket()
      listener.bind(('127.0.0.1', 0))
      listener.listen(64)
      notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      notify.bind(sys.argv[1])
      def show():
          while True:
              print('notified', notify.recv(4096).decode().replace('\\n', ' '), flush=True)
      threading.Thread(target=show, daemon=True).start()
      print('port', listener.getsockname()[1], flush=True)
      for _ in range(2):
          pid = os.fork()
          if pid == 0:
              os.dup2(listener.fileno(), 3)
              os.set_inheritable(3, True)
              signal.alarm(100)  # outlives exec: no server survives a manager that was killed
              os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET=sys.argv[1])
              os.execvp(sys.argv[2], sys.argv[2:])
          print('pid', pid, flush=True)
          print('exit', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
      """;

  @TempDir private Path folder;

  private final List<String> seen = new ArrayList<>();

  /// The rest of the first line not asked for yet that starts with `word`. Manager and server write
  /// independently of each other.
  private String next(BufferedReader lines, String word) throws IOException {
    for (int i = 0; ; i++) {
      if (i == seen.size()) {
        String line = lines.readLine();
        assertThat(line).as("%s after %s", word, seen).isNotNull();
        seen.add(line);
      }
      if (seen.get(i).startsWith(word + " ")) {
        return seen.remove(i).substring(word.length() + 1);
      }
    }
  }

  /// A node on a busy machine may refuse clients for a moment, because a lane is late.
  private static RawSocket established(int port) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> RawSocket.established(port, "inherited-key"), Objects::nonNull);
  }

  @Test
  void aRestartKeepsThePortOpen() throws IOException {
    Programs.require("python3");
    Path script = Files.writeString(folder.resolve("manager.py"), MANAGER);
    String notify = folder.resolve("notify").toString();
    Process manager =
        ServerProcess.startUnder(
            List.of("python3", script.toString(), notify),
            LIFE_SECONDS,
            Map.of("FANFARE_APPS", "inherited-key:inherited-secret@1"));
    try (BufferedReader lines = manager.inputReader()) {
      int port = Integer.parseInt(next(lines, "port"));
      long first = Long.parseLong(next(lines, "pid"));
      assertThat(next(lines, "notified")).startsWith("READY=1 STATUS=");
      assertThat(next(lines, "  transport")).contains("EPOLL (for the inherited socket)");
      try (RawSocket client = established(port)) {
        client.patience(PATIENCE);
        ProcessHandle.of(first).orElseThrow().destroy(); // SIGTERM
        assertThat(client.nextClose().closeCode()).as("reconnect at once").isEqualTo(4200);
        assertThat(next(lines, "notified")).startsWith("STOPPING=1");
        assertThat(next(lines, "exit")).isEqualTo("0");
      }
      try (RawSocket early = new RawSocket(port)) {
        early.patience(PATIENCE);
        early.sendHandshake("/app/inherited-key?protocol=7");
        assertThat(early.readHead()).as("by the next process").startsWith("HTTP/1.1 101 ");
        try (RawHttp http = new RawHttp(port)) {
          assertThat(http.send(RawHttp.request("GET", "/live", "")).next().status()).isEqualTo(200);
        }
      }
    } finally {
      manager.descendants().forEach(ProcessHandle::destroyForcibly);
      manager.destroyForcibly();
    }
  }
}
