package dev.fanfare.console.login;

import dev.fanfare.observe.Component;
import org.slf4j.Logger;

/// One log line for each login, each refused one and each change, with who it was. Never a password
/// and never the data of an event. Any thread.
public final class Audit {

  private static final Logger log = Component.AUDIT.logger();

  private static final int MAX_CHARS = 300;

  private Audit() {}

  /// Writes the line.
  ///
  /// @param who a name, or what is known instead of one
  /// @param action such as `login` or `close`
  /// @param object what it was done to; empty for nothing
  /// @param result such as `done`, or why it was refused
  public static void note(String who, String address, String action, String object, String result) {
    log.atInfo()
        .addKeyValue("who", cut(who))
        .addKeyValue("address", address)
        .log(cut(action + (object.isEmpty() ? "" : " " + object) + ": " + result));
  }

  /// Writes the line of a user who is logged in.
  public static void note(
      Caller caller, String address, String action, String object, String result) {
    log.atInfo()
        .addKeyValue("who", cut(caller.name()))
        .addKeyValue("role", caller.role().text())
        .addKeyValue("address", address)
        .log(cut(action + (object.isEmpty() ? "" : " " + object) + ": " + result));
  }

  private static String cut(String text) {
    return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
  }
}
