package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One user of a presence channel (section 2.5).
///
/// @param userId always a string, even if the application sent a number
/// @param infoJson the user's `user_info` as compact JSON, `{}` if there was none
public record Member(String userId, String infoJson) {

  /// Parses a presence subscription's `channel_data`, or returns the reason why it is invalid.
  public static Parsed<Member> parse(String channelData, Limits limits) {
    Draft draft = new Draft();
    try {
      Json.readObject(channelData, draft);
    } catch (MalformedJson e) {
      return new Parsed.Bad<>("channel_data is invalid: " + e.reason());
    }
    if (draft.userId == null || draft.userId.isEmpty()) {
      return new Parsed.Bad<>(
          "channel_data is invalid: it must contain user_id, a string or an integer");
    }
    return check(new Member(draft.userId, draft.info == null ? "{}" : draft.info), limits);
  }

  /// Applies the limits to a member from any source.
  public static Parsed<Member> check(Member member, Limits limits) {
    if (member.userId.length() > limits.maxUserIdChars()) {
      return new Parsed.Bad<>(
          "user_id has "
              + member.userId.length()
              + " characters, the limit is "
              + limits.maxUserIdChars()
              + " (max_user_id_chars)");
    }
    int bytes = member.infoJson.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.maxPresenceMemberBytes()) {
      return new Parsed.Bad<>(
          "user_info has "
              + bytes
              + " bytes, the limit is "
              + limits.maxPresenceMemberBytes()
              + " (max_presence_member_bytes)");
    }
    return new Parsed.Ok<>(member);
  }

  private static final class Draft implements Json.Fields {
    private @Nullable String userId;
    private @Nullable String info;

    @Override
    public void field(String name, Json.Value value) throws MalformedJson {
      if (name.equals("user_id") && (value.isString() || value.isInteger())) {
        userId = value.literal();
      } else if (name.equals("user_info") && !value.isNull()) {
        if (!value.isObject()) {
          throw new MalformedJson(
              "user_info supplied to presence subscription is invalid - if supplied it must be a"
                  + " type of hash");
        }
        info = value.compact();
      }
    }
  }
}
