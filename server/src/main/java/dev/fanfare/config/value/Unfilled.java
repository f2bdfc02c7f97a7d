package dev.fanfare.config.value;

import dev.fanfare.protocol.Parsed;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Recognises credentials that were never filled in, or that still hold what a shell or a template
/// should have replaced. A server would start with them, and every signature would be wrong, or
/// known to everyone.
public final class Unfilled {

  /// The secret that soketi ships with.
  public static final String SOKETI_SECRET = "app-secret";

  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'", Pattern.DOTALL);
  private static final Pattern REFERENCE =
      Pattern.compile(
          ".*\\$\\{[^}]*}.*|\\$\\([A-Za-z_]\\w*\\)|\\$[A-Z_][A-Z0-9_]*|\\{\\{.*}}|<[^<>]+>|%[A-Z_]+%",
          Pattern.DOTALL);
  private static final Pattern CHANGE_ME =
      Pattern.compile("(?:change|replace)-?(?:me|this)(?:-.*)?");
  private static final Pattern YOUR_OWN =
      Pattern.compile("your-(?:(?:pusher|soketi|reverb)-)?(?:app-)?");
  private static final Set<String> PARTS = Set.of("id", "key", "secret");

  private Unfilled() {}

  /// Fails for the text of an id, a key or a secret that was never filled in. The reason follows
  /// its name and never repeats the text.
  static Parsed<Parsed.Passed> check(String text) {
    Parsed<Parsed.Passed> resolved = checkResolved(text);
    return resolved instanceof Parsed.Ok && isPlaceholder(text)
        ? new Parsed.Bad<>(
            "is the placeholder of an example; generate a value, with openssl rand -hex 20 for"
                + " example")
        : resolved;
  }

  /// As [#check], for credentials of a server that may well have a placeholder as its secret.
  public static Parsed<Parsed.Passed> checkResolved(String text) {
    if (QUOTED.matcher(text).matches()) {
      return new Parsed.Bad<>(
          "is enclosed in quotation marks that are part of the value, as the env files of Docker"
              + " keep them; remove them");
    }
    return checkReference(text);
  }

  /// As [#checkResolved], for the value of a header, which may hold quotation marks.
  static Parsed<Parsed.Passed> checkReference(String text) {
    return REFERENCE.matcher(text).matches()
        ? new Parsed.Bad<>(
            "refers to a variable, such as ${NAME}, which is not replaced here; write the value"
                + " itself, or let the program that starts the server replace it")
        : Parsed.PASSED;
  }

  private static boolean isPlaceholder(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[_ ]", "-");
    return CHANGE_ME.matcher(plain).matches()
        || (plain.startsWith("your-") && PARTS.contains(YOUR_OWN.matcher(plain).replaceFirst("")));
  }
}
