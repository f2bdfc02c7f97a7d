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
  /// `NOTIFY_SOCKET`, from which it prints what arrives. The servers write to a file, since lines
  /// of several processes in one pipe are mixed at times.
  private static final String MANAGER =
      """
      import os, signal, socket, sys, threading
      listener = socket.socket()
      listener.bind(('127.0.0.1', 0))
      listener.listen(64)
      notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      notify.bind(sys.argv[1])
      def say(*words):
          os.write(1, (' '.join(str(word) for word in words) + '\\n').encode())
      def show():
          while True:
              say('notified', notify.recv(4096).decode().replace('\\n', ' '))
      threading.Thread(target=show, daemon=True).start()
      say('port', listener.getsockname()[1])
      for _ in range(2):
          pid = os.fork()
          if pid == 0:
              os.dup2(listener.fileno(), 3)
              os.set_inheritable(3, True)
              log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
              os.dup2(log, 1)
              os.dup2(log, 2)
              signal.alarm(100)  # outlives exec: no server survives a manager that was killed
              os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET=sys.argv[1])
              os.execvp(sys.argv[3], sys.argv[3:])
          say('pid', pid)
          say('exit', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
      """;

  @TempDir private Path folder;

  private final List<String> seen = new ArrayList<>();

  /// The rest of the first line not asked for yet that starts with `word`. The threads of the
  /// manager write independently of each other.
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
    Path log = folder.resolve("log");
    Process manager =
        ServerProcess.startUnder(
            List.of("python3", script.toString(), notify, log.toString()),
            LIFE_SECONDS,
            Map.of("FANFARE_APPS", "inherited-key:inherited-secret@1"));
    try (BufferedReader lines = manager.inputReader()) {
      int port = Integer.parseInt(next(lines, "port"));
      long first = Long.parseLong(next(lines, "pid"));
      assertThat(next(lines, "notified")).startsWith("READY=1 STATUS=");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(Files.readString(log)).contains("EPOLL (for the inherited socket)"));
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
