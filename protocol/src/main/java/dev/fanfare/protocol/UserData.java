package dev.fanfare.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The user that a connection signed in as (section 4.1).
///
/// @param id the user's id
/// @param infoJson `user_info` as compact JSON, `{}` if there was none
/// @param watchlist ids of the users to watch, not yet cut to the limit; integers as decimal text
public record UserData(String id, String infoJson, List<String> watchlist) {

  /// Parses the `user_data` string of a sign-in, or returns the reason why it is invalid.
  ///
  /// @param watchlists false to ignore the watchlist, even if it is invalid
  public static Parsed<UserData> parse(String userData, boolean watchlists) {
    Draft draft = new Draft(watchlists);
    try {
      Json.readObject(userData, draft);
    } catch (MalformedJson e) {
      return new Parsed.Bad<>("user_data is invalid: " + e.reason());
    }
    if (draft.id == null || !isValidId(draft.id)) {
      return new Parsed.Bad<>(
          "user_data is invalid: id must be a string of 1 to "
              + Limits.MAX_SIGNIN_ID_CHARS
              + " letters, digits and _ - = @ , . ;");
    }
    return new Parsed.Ok<>(new UserData(draft.id, draft.info, draft.watchlist));
  }

  /// True for an id that a user may sign in with.
  public static boolean isValidId(String id) {
    return !id.isEmpty()
        && id.length() <= Limits.MAX_SIGNIN_ID_CHARS
        && id.chars().allMatch(c -> ChannelName.isAllowed((char) c));
  }

  private static final class Draft implements Json.Fields {
    private final boolean watchlists;
    private @Nullable String id;
    private String info = "{}";
    private List<String> watchlist = List.of();

    private Draft(boolean watchlists) {
      this.watchlists = watchlists;
    }

    @Override
    public void field(String name, Json.Value value) throws MalformedJson {
      switch (name) {
        case "id" -> id = value.string();
        case "user_info" -> info = value.isObject() ? value.compact() : info;
        case "watchlist" -> {
          if (watchlists && !value.isNull()) {
            watchlist = value.stringsOrIntegers();
          }
        }
        default -> {}
      }
    }
  }
}
