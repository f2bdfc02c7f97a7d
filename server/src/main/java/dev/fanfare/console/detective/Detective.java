package dev.fanfare.console.detective;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tries a wrong signature against what is often signed by mistake: other secrets, other texts, and
/// other ways to write a signature. At most [#MAX_SIGNATURES] are computed. Confined to one
/// request.
public final class Detective {

  /// HMACs for one question.
  public static final int MAX_SIGNATURES = 500;

  /// A secret that may have been used.
  ///
  /// @param owner whose it is, to follow "with "; empty for the app's current one
  private record Key(String what, String owner, Secret secret) {}

  private final List<Key> own = new ArrayList<>();
  private final List<Key> others = new ArrayList<>();
  private int signed;

  /// @param app whose signature was expected
  /// @param all apps of the server
  /// @param isShown the apps that may be named
  public Detective(App app, Collection<App> all, Predicate<App> isShown) {
    own.add(new Key("", "", app.secret()));
    add(app, own, "previous_secret", "this app's previous_secret");
    for (App other : all) {
      if (!other.id().equals(app.id())) {
        String name = isShown.test(other) ? "app " + other.id() : "another app of this server";
        others.add(new Key("other_app", name + "'s secret", other.secret()));
        add(other, others, "other_app", name + "'s previous_secret");
      }
    }
  }

  private static void add(App app, List<Key> to, String what, String owner) {
    Secret previous = app.previousSecret();
    if (previous != null) {
      to.add(new Key(what, owner, previous));
    }
  }

  /// How many HMACs were computed.
  public int signed() {
    return signed;
  }

  /// Tries texts in their order: all with the app's own secrets, then all with those of other apps.
  /// Returns the first that fits; null if none does.
  ///
  /// @param given the signature as sent
  @Nullable Finding search(List<Attempt> attempts, String given) {
    String hex = hex(given);
    if (hex.isEmpty()) {
      return null;
    }
    boolean isSpelledRight = hex.equals(given);
    Finding found = search(attempts, own, hex, isSpelledRight);
    return found == null ? search(attempts, others, hex, isSpelledRight) : found;
  }

  private @Nullable Finding search(
      List<Attempt> attempts, List<Key> keys, String hex, boolean isSpelledRight) {
    for (Attempt attempt : attempts) {
      for (Key key : keys) {
        if (signed >= MAX_SIGNATURES) {
          return null;
        }
        signed++;
        if (key.secret().signature().sign(attempt.text()).equals(hex)) {
          return finding(attempt, key, isSpelledRight);
        }
      }
    }
    return null;
  }

  private static Finding finding(Attempt attempt, Key key, boolean isSpelledRight) {
    if (attempt.mistake().isEmpty() && key.owner().isEmpty()) {
      return isSpelledRight
          ? new Finding(
              "right_now", "The signature is right now: the app's secret has changed since")
          : new Finding(
              "spelling",
              "The signature is right, but must be written as 64 lower-case hex digits");
    }
    String what = attempt.what().isEmpty() ? key.what() : attempt.what();
    StringBuilder text = new StringBuilder("The signature is right ");
    text.append(attempt.mistake());
    if (!key.owner().isEmpty()) {
      text.append(attempt.mistake().isEmpty() ? "" : ", and ");
      text.append("with ").append(key.owner());
    }
    if (attempt.mistake().isEmpty() && key.what().equals("other_app")) {
      text.append(": the auth endpoint or publisher has the credentials of the wrong app");
    }
    return new Finding(what, text.toString());
  }

  /// The signature as lower-case hex, however it was written; empty if it is none.
  private static String hex(String given) {
    String bare = given.strip().replace("\"", "");
    String lower = bare.toLowerCase(Locale.ROOT);
    if (Signature.hasForm(lower)) {
      return lower;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(bare);
      return bytes.length == 32 ? HexFormat.of().formatHex(bytes) : "";
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
