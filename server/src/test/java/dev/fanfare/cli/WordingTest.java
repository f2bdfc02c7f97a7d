package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Plain technical English in what users read (README, docs, help, log lines and errors) and in
/// comments. Words that make a text read like a translation are rejected; what to write instead
/// stands beside each.
final class WordingTest {

  private static final Path ROOT = Path.of("..");

  /// What must not be written, and what to write instead.
  private static final Map<String, String> INSTEAD_OF =
      Map.ofEntries(
          Map.entry("\\btold\\b", "reported, notified, logged"),
          Map.entry("\\btells\\b", "reports, exposes, notifies"),
          Map.entry("\\banew\\b", "again, new"),
          Map.entry("\\bfor ever\\b", "forever, permanently"),
          Map.entry(
              "(?<!`)\\b(?:whoever|nobody|somebody)\\b", "client, publisher, operator, receiver"),
          Map.entry(
              "\\bby (?:TLS|HTTPS?|wss?|WebSockets?)\\b", "over TLS, over HTTP, over WebSocket"),
          Map.entry("\\bof (?:its|their) own\\b", "separate, dedicated"),
          Map.entry("\\b(?:put|puts) [^.|]{0,20}in force\\b", "apply"),
          Map.entry("\\b(?:send|sends|sent|sending) (?:\\w+ ){0,4}away\\b", "disconnect, drain"),
          Map.entry("\\bof no use\\b", "unusable"),
          Map.entry("\\b(?:has|was|were) not taken\\b(?! over)", "accepted, undelivered"),
          Map.entry("\\brecords? of TLS\\b", "TLS record"),
          Map.entry("\\bnames? of (?:a |the )?hosts?\\b", "host name"),
          Map.entry("\\b(?:read|reads) the configuration again\\b", "reload"),
          Map.entry("\\bhung up\\b|\\bhears SIGHUP\\b", "closed the connection, ignores"),
          Map.entry("\\bfor want of\\b|\\bin good time\\b", "because there is no, early"),
          Map.entry("\\bIs it well\\b|\\bCounted for nothing\\b", "Health checks, Near-zero-cost"),
          Map.entry("\\bgo(?:es)? their way\\b", "retraces a client's connection"),
          Map.entry("\\bthe one who sent it\\b", "name the actor"),
          Map.entry("\\bthrow [^.|]{1,40} away\\b", "delete"),
          Map.entry("\\bwants? (?:(?:no|more|further) ){0,2}connections\\b", "is ready"),
          Map.entry("\\bmakes? up an? app\\b", "creates a temporary app"),
          Map.entry("\\bfurther\\b", "new, additional"));

  /// The same for comments, where these are what the code does to others.
  private static final Pattern TELL = Pattern.compile("(?i)\\btell(?:ing)?\\b");

  /// Hits that are right where they are, by file: texts of others, and ordinary English that a
  /// pattern takes for something else.
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "docker/dist/THIRD-PARTY-NOTICES.txt",
          Set.of("any further restrictions", "further distribute"));

  private static final Pattern COMMENT_LINE = Pattern.compile("(?m)^\\s*//.*$");
  private static final Pattern COMMENT = Pattern.compile("(?m)(?:^|\\s)///?\\s(.*)$");
  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
  private static final Pattern LITERAL =
      Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);

  @Test
  void theDocumentation() throws IOException {
    List<String> hits = new ArrayList<>();
    for (Path page : files(".md")) {
      hits.addAll(hits(ROOT.relativize(page).toString(), Files.readString(page)));
    }
    assertThat(hits).isEmpty();
  }

  @Test
  void theHelpOfEveryCommand() {
    List<String> hits = new ArrayList<>();
    addHelp(Main.commandLine(Map.of()), hits);
    assertThat(hits).isEmpty();
  }

  @Test
  void logLinesAndErrors() throws IOException {
    List<String> hits = new ArrayList<>();
    for (Path source : files(".java")) {
      String code = COMMENT_LINE.matcher(Files.readString(source)).replaceAll("");
      String joined = JOINED.matcher(code).replaceAll("");
      for (MatchResult literal : LITERAL.matcher(joined).results().toList()) {
        String text = literal.group(1) == null ? literal.group(2) : literal.group(1);
        hits.addAll(hits(source.getFileName().toString(), text));
      }
    }
    assertThat(hits).isEmpty();
  }

  @Test
  void comments() throws IOException {
    List<String> hits = new ArrayList<>();
    for (Path source : files(".java")) {
      addComments(source, hits);
    }
    for (String module : List.of("protocol", "server", "loadtest")) {
      try (Stream<Path> found = Files.walk(ROOT.resolve(module).resolve("src"))) {
        for (Path file : found.filter(WordingTest::isTest).toList()) {
          addComments(file, hits);
        }
      }
    }
    assertThat(hits).isEmpty();
  }

  @Test
  void scriptsAndExamples() throws IOException {
    List<String> hits = new ArrayList<>();
    for (String folder : List.of(".ci", ".github", "docker")) {
      try (Stream<Path> found = Files.walk(ROOT.resolve(folder))) {
        for (Path file : found.filter(Files::isRegularFile).toList()) {
          hits.addAll(hits(ROOT.relativize(file).toString(), Files.readString(file)));
        }
      }
    }
    assertThat(hits).isEmpty();
  }

  private static boolean isTest(Path file) {
    String path = file.toString();
    return path.endsWith(".java")
        && !path.contains("src/main")
        && !path.endsWith("WordingTest.java");
  }

  private static void addComments(Path source, List<String> hits) throws IOException {
    String comments =
        COMMENT
            .matcher(Files.readString(source))
            .results()
            .map(comment -> comment.group(1))
            .collect(Collectors.joining(" "));
    String where = source.getFileName().toString();
    hits.addAll(hits(where, comments));
    if (TELL.matcher(comments).find()) {
      hits.add(where + ": write report, expose, notify, log instead of tell");
    }
  }

  private static void addHelp(CommandLine command, List<String> hits) {
    hits.addAll(hits("help of " + command.getCommandName(), command.getUsageMessage()));
    command.getSubcommands().values().forEach(subcommand -> addHelp(subcommand, hits));
  }

  private static List<String> hits(String where, String text) {
    String line = text.replaceAll("\\s+", " ");
    List<String> hits = new ArrayList<>();
    INSTEAD_OF.forEach((words, instead) -> {
      Pattern pattern = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
      for (MatchResult match : pattern.matcher(line).results().toList()) {
        String around = around(line, match);
        if (ALLOWED.getOrDefault(where, Set.of()).stream().noneMatch(around::contains)) {
          hits.add(where + ": …" + around + "… write: " + instead);
        }
      }
    });
    return hits;
  }

  private static String around(String line, MatchResult match) {
    return line.substring(
        Math.max(0, match.start() - 40), Math.min(line.length(), match.end() + 40));
  }

  /// Pages of the root and of `docs`, or main sources of all modules.
  private static List<Path> files(String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    List<String> folders =
        ending.equals(".md")
            ? List.of("docs", "docker")
            : List.of("protocol/src/main", "server/src/main", "loadtest/src/main");
    for (String folder : folders) {
      try (Stream<Path> found = Files.walk(ROOT.resolve(folder))) {
        found.filter(file -> file.toString().endsWith(ending)).forEach(files::add);
      }
    }
    if (ending.equals(".md")) {
      try (Stream<Path> found = Files.list(ROOT)) {
        found.filter(file -> file.toString().endsWith(ending)).forEach(files::add);
      }
    }
    return files;
  }
}
