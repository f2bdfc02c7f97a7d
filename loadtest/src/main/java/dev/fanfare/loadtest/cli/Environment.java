package dev.fanfare.loadtest.cli;

import dev.fanfare.loadtest.measure.Machine;
import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.scenario.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/// Where results come from: machine, versions, cores and command lines, with secrets masked.
final class Environment {

  private static final Pattern SECRET =
      Pattern.compile("(?i)([\\w.-]*(?:secret|password|token)[\\w.-]*(?:=|\\s+))('[^']*'|\\S+)");
  private static final Pattern SERVER =
      Pattern.compile("(?im)^(?:server|x-powered-by):[ \\t]*(\\S[^\\r\\n]{0,80})");
  private static final int TIMEOUT_MS = 2_000;
  private static final int MAX_HEAD_BYTES = 4_096;

  private Environment() {}

  /// Everything that all runs of a command have in common.
  static Map<String, String> of(CommandSpec spec) {
    Map<String, String> lines = Machine.describe();
    lines.put("loadtest", Version.number());
    List<String> args = spec.root().commandLine().getParseResult().originalArgs();
    lines.put("command", masked("fanfare-loadtest " + String.join(" ", quoted(args))));
    return lines;
  }

  /// The result with settings that belong to one run: cores of both processes, the server's command
  /// line, and the server's software if it names it in a response.
  static RunResult addTo(RunResult result, Subject subject) {
    Map<String, String> settings = new LinkedHashMap<>(result.settings());
    settings.put("generator cores", Machine.cores("self"));
    ServerProcess process = subject.process();
    if (process != null) {
      settings.put("server cores", Machine.cores(Long.toString(process.pid())));
      settings.put("server command", masked(process.command()));
    }
    String software = software(subject.target());
    if (!software.isEmpty()) {
      settings.put("server software", software);
    }
    return result.withSettings(settings);
  }

  private static List<String> quoted(List<String> args) {
    return args.stream().map(arg -> arg.contains(" ") ? "'" + arg + "'" : arg).toList();
  }

  /// The text with the values of options and variables whose names contain `secret`, `password` or
  /// `token` replaced.
  static String masked(String text) {
    return SECRET.matcher(text).replaceAll("$1***");
  }

  /// What the server's `Server` header says; empty if there is none. Not over TLS.
  private static String software(Target target) {
    if (target.tls()) {
      return "";
    }
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(new InetSocketAddress(target.host(), target.port()), TIMEOUT_MS);
      String request = "GET / HTTP/1.1\r\nHost: " + target.authority() + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      for (int next = in.read(); next >= 0 && head.length() < MAX_HEAD_BYTES; next = in.read()) {
        head.append((char) next);
        if (head.toString().endsWith("\r\n\r\n")) {
          break;
        }
      }
      Matcher server = SERVER.matcher(head);
      return server.find() ? server.group(1).strip() : "";
    } catch (IOException e) {
      return ""; // not known; the run itself has succeeded
    }
  }
}
