package dev.fanfare.console.detective;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A request of the HTTP API whose signature was refused.
///
/// @param path raw
/// @param query raw, as sent
public record RequestCase(String method, String path, String query) {

  private static final Pattern AUTH_ONLY =
      Pattern.compile("auth_key|auth_timestamp|auth_version|body_md5");
  private static final Pattern ID = Pattern.compile("^/apps/[^/]+");
  private static final Pattern TIME = Pattern.compile("(^|&)auth_timestamp=([0-9]{1,12})(?=&|$)");

  /// Seconds by which a timestamp may differ from the one that was signed.
  private static final int SECONDS = 10;

  /// The MD5 of nothing.
  private static final String EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";

  /// What should have been signed.
  public String toSign() {
    return Signature.request(method, path, Query.parse(query).toSign(Query.Arrays.JOINED));
  }

  /// The signature that was sent; empty for none.
  public String given() {
    String given = Query.parse(query).get("auth_signature");
    return given == null ? "" : given;
  }

  /// What the signature was right for; null if nothing fits.
  ///
  /// @param all apps of the server
  public @Nullable Finding solve(Detective detective, App app, Collection<App> all) {
    Finding found = detective.search(attempts(all), given());
    if (found != null) {
      return found;
    }
    String key = Query.parse(query).get("auth_key");
    boolean isOfOther =
        key != null
            && !key.equals(app.key())
            && all.stream().anyMatch(each -> each.key().equals(key));
    return isOfOther
        ? new Finding("other_key", "The key is that of another app than the path's")
        : null;
  }

  private List<Attempt> attempts(Collection<App> all) {
    List<Attempt> attempts = new ArrayList<>();
    String joined = Query.parse(query).toSign(Query.Arrays.JOINED);
    attempts.add(new Attempt("", Signature.request(method, path, joined), ""));
    for (String other : List.of("POST", "GET", "PUT", "DELETE", method.toLowerCase(Locale.ROOT))) {
      if (!other.equals(method)) {
        attempts.add(
            new Attempt(
                "method", Signature.request(other, path, joined), "for the method " + other));
      }
    }
    paths(attempts, joined, all);
    queries(attempts, joined);
    times(attempts);
    return attempts;
  }

  private void paths(List<Attempt> attempts, String joined, Collection<App> all) {
    List<String> others = new ArrayList<>();
    others.add(path + "/");
    others.add(path.replaceFirst("/$", ""));
    others.add(path.replaceFirst("^/", ""));
    Matcher id = ID.matcher(path);
    if (id.find()) {
      others.add(path.substring(id.end()));
      others.add("/api" + path);
      for (App app : all) {
        others.add("/apps/" + app.id() + path.substring(id.end()));
        others.add("/apps/" + app.key() + path.substring(id.end()));
      }
    } else if (path.contains("/apps/")) {
      others.add(path.substring(path.indexOf("/apps/")));
    }
    for (String other : others) {
      if (!other.equals(path)) {
        attempts.add(
            new Attempt("path", Signature.request(method, other, joined), "for the path " + other));
      }
    }
    attempts.add(
        new Attempt(
            "url_with_query",
            Signature.request(method, path + "?" + query, joined),
            "for the path with its query"));
  }

  private void queries(List<Attempt> attempts, String joined) {
    String unsigned = query.replaceAll("(^|&)auth_signature=[^&]*", "$1").replaceFirst("&$", "");
    add(attempts, "unsorted_query", unsigned, "for the query in the order in which it was sent");
    add(attempts, "decoded_query", Query.decode(unsigned, true), "for the query percent-decoded");
    StringBuilder auth = new StringBuilder();
    StringBuilder noBody = new StringBuilder();
    for (String pair : joined.split("&", -1)) {
      String name = pair.split("=", 2)[0];
      if (AUTH_ONLY.matcher(name).matches()) {
        auth.append(auth.isEmpty() ? "" : "&").append(pair);
      }
      if (!name.equals("body_md5")) {
        noBody.append(noBody.isEmpty() ? "" : "&").append(pair);
      }
    }
    add(attempts, "other_parameters", auth.toString(), "without the parameters beside auth_…");
    add(attempts, "no_body_md5", noBody.toString(), "without body_md5");
    add(
        attempts,
        "empty_body",
        joined.replaceFirst("body_md5=[^&]*", "body_md5=" + EMPTY_MD5),
        "for an empty body");
    attempts.add(
        new Attempt("only_query", joined, "for the query without the method and the path"));
    attempts.add(
        new Attempt(
            "separator",
            method + "\\n" + path + "\\n" + joined,
            "with \\n written as two characters in place of line breaks"));
  }

  private void add(List<Attempt> attempts, String what, String other, String mistake) {
    attempts.add(new Attempt(what, Signature.request(method, path, other), mistake));
  }

  private void times(List<Attempt> attempts) {
    Matcher time = TIME.matcher(query);
    if (!time.find()) {
      return;
    }
    long sent = Long.parseLong(time.group(2));
    for (int seconds = -SECONDS; seconds <= SECONDS; seconds++) {
      String other = time.replaceFirst("$1auth_timestamp=" + (sent + seconds));
      if (seconds != 0) {
        add(
            attempts,
            "timestamp",
            Query.parse(other).toSign(Query.Arrays.JOINED),
            "for auth_timestamp=" + (sent + seconds) + ", another one than was sent");
      }
    }
  }
}
