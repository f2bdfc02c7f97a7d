package dev.fanfare.console.act;

import dev.fanfare.console.login.Audit;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.Reply;

/// Changes that are lines of the audit log. Any thread.
final class Noted {

  private static final String DONE = "done";

  private Noted() {}

  /// A change was made.
  ///
  /// @param object what was changed; empty for the app as a whole
  static void done(ConsoleCall call, String action, String object) {
    note(call, action, object, DONE);
  }

  /// A change was refused: the answer.
  ///
  /// @param status of the answer
  static Reply refused(ConsoleCall call, String action, String object, int status, String reason) {
    note(call, action, object, reason);
    return Reply.refusal(status, reason);
  }

  private static void note(ConsoleCall call, String action, String object, String result) {
    String where = "app " + call.ofApp().id() + (object.isEmpty() ? "" : ", " + object);
    Audit.note(call.known(), call.sent().address(), action, where, result);
  }
}
