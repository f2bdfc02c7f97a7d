package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.UserData;
import dev.fanfare.session.Users;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Commands for signed-in users (section 6.9).
public final class UsersApi {

  private static final byte[] DONE = "{}".getBytes(StandardCharsets.UTF_8);

  private final Users users;

  public UsersApi(Users users) {
    this.users = users;
  }

  /// Its rows of the [RouteTable].
  List<Route> routes() {
    return List.of(
        Route.signed(
            "POST",
            "/apps/{id}/users/{user}/terminate_connections",
            call -> terminate(call.app(), call.name()),
            "/users/{user}/terminate_connections")); // section 6.9, the Python SDK's
  }

  /// Closes the user's connections on every node. A user without connections is not an error.
  Response terminate(App app, String userId) {
    if (!UserData.isValidId(userId)) {
      return invalidId();
    }
    users.terminate(app, userId);
    return Response.json(DONE);
  }

  static Response invalidId() {
    return Response.refusal(
        400,
        "Invalid user id: it must have 1 to "
            + Limits.MAX_SIGNIN_ID_CHARS
            + " characters, all of them letters, digits or _ - = @ , . ;");
  }
}
