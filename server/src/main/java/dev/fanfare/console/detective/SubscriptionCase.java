package dev.fanfare.console.detective;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A subscription whose signature was refused.
///
/// @param earlier ids of connections that the same address had before, newest first, each with what
///   has become of it
/// @param auth as sent: key and signature, with a colon between
/// @param channelData as sent; null for none
public record SubscriptionCase(
    String socket,
    List<Earlier> earlier,
    String channel,
    @Nullable String channelData,
    String auth) {

  /// A connection that the same address had.
  ///
  /// @param end such as `ended 4 s before`
  public record Earlier(String socket, String end) {}

  private static final List<String> PREFIXES =
      List.of("private-encrypted-", "private-", "presence-", "");

  public SubscriptionCase {
    earlier = List.copyOf(earlier);
  }

  /// What the client should have been given a signature of.
  public String toSign() {
    return Signature.subscription(socket, channel, channelData);
  }

  /// The signature that was sent, without the key.
  public String given() {
    return auth.substring(auth.indexOf(':') + 1);
  }

  /// What the signature was right for; null if nothing fits.
  ///
  /// @param all apps of the server
  public @Nullable Finding solve(Detective detective, App app, Collection<App> all) {
    Finding found = detective.search(attempts(), given());
    if (found != null) {
      return found;
    }
    int colon = auth.indexOf(':');
    if (colon < 0) {
      return new Finding(
          "no_key",
          "The auth value has no colon: it must be the app's key, a colon, the signature");
    }
    String key = auth.substring(0, colon);
    boolean isOfOther = all.stream().anyMatch(each -> each.key().equals(key));
    return !key.equals(app.key()) && isOfOther
        ? new Finding("other_key", "The key is that of another app of this server")
        : null;
  }

  private List<Attempt> attempts() {
    List<Attempt> attempts = new ArrayList<>();
    attempts.add(new Attempt("", toSign(), ""));
    data(attempts);
    for (Earlier each : earlier) {
      attempts.add(
          new Attempt(
              "old_socket",
              Signature.subscription(each.socket(), channel, channelData),
              "for the connection "
                  + each.socket()
                  + " of the same address, which "
                  + each.end()
                  + ": the page signed with an old socket id"));
    }
    channels(attempts);
    attempts.add(
        new Attempt(
            "order",
            channel + ":" + socket,
            "for the channel before the socket id: the order must be the other way round"));
    attempts.add(new Attempt("only_channel", channel, "for the channel without the socket id"));
    attempts.add(new Attempt("only_socket", socket, "for the socket id without the channel"));
    if (channelData != null) {
      attempts.add(
          new Attempt(
              "signin",
              Signature.signIn(socket, channelData),
              "for a sign-in: the endpoint for users was asked, not the one for channels"));
    }
    return attempts;
  }

  private void data(List<Attempt> attempts) {
    if (channelData == null) {
      attempts.add(
          new Attempt(
              "empty_data",
              Signature.subscription(socket, channel, ""),
              "with an empty channel_data, which was not sent"));
      return;
    }
    attempts.add(
        new Attempt(
            "no_data",
            Signature.subscription(socket, channel, null),
            "without channel_data, which must be signed as it is sent"));
    String compact = compact(channelData);
    if (compact != null && !compact.equals(channelData)) {
      attempts.add(
          new Attempt(
              "rewritten_data",
              Signature.subscription(socket, channel, compact),
              "for channel_data without its white space: it was written again after it was"
                  + " signed"));
    }
  }

  /// The same JSON without white space; null if it is none.
  private static @Nullable String compact(String json) {
    String[] compact = new String[1];
    try {
      Json.readObject("{\"data\":" + json + "}", (_, value) -> compact[0] = value.compact());
      return compact[0];
    } catch (MalformedJson e) {
      return null;
    }
  }

  private void channels(List<Attempt> attempts) {
    channel(attempts, channel.toLowerCase(Locale.ROOT), "in lower case");
    channel(attempts, channel.strip(), "without white space around it");
    channel(attempts, Query.decode(channel, true), "percent-decoded");
    channel(attempts, URLEncoder.encode(channel, StandardCharsets.UTF_8), "percent-encoded");
    String bare = channel;
    for (String prefix : PREFIXES) {
      if (channel.startsWith(prefix)) {
        bare = channel.substring(prefix.length());
        break;
      }
    }
    for (String prefix : PREFIXES) {
      channel(attempts, prefix + bare, "with " + (prefix.isEmpty() ? "no prefix" : prefix));
    }
  }

  private void channel(List<Attempt> attempts, String other, String how) {
    if (!other.equals(channel)) {
      attempts.add(
          new Attempt(
              "channel",
              Signature.subscription(socket, other, channelData),
              "for the channel " + other + ": the name " + how));
    }
  }
}
