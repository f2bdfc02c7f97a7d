package dev.fanfare.console.route;

import dev.fanfare.protocol.Query;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A request that the console answers.
///
/// @param method GET, which HEAD is answered like, or POST
/// @param path `{app}` stands for the id of an app, another word in braces for any other segment
public record ConsoleRoute(String method, String path, Access access, Handler handler) {

  public static final String APP = "{app}";

  /// The path of what concerns one app begins so.
  public static final String OF_APP = "/api/apps/" + APP + "/";

  /// What stands for `.` and `..`, which browsers would resolve, in paths that were decoded once;
  /// and what stands for a name that looks like that.
  private static final Pattern DOTS = Pattern.compile("(?i)(?:%(?:25)*2e){1,2}");

  /// Answers a request; may block.
  @FunctionalInterface
  public interface Handler {
    Reply answer(ConsoleCall call);
  }

  /// A read for everybody who is logged in, or signs it.
  public static ConsoleRoute get(String path, Handler handler) {
    return new ConsoleRoute("GET", path, Access.VIEWER, handler);
  }

  /// A change.
  public static ConsoleRoute post(String path, Access access, Handler handler) {
    return new ConsoleRoute("POST", path, access, handler);
  }

  /// The segments of a path, percent-decoded: `%252e%252e` is the name `..`.
  public static List<String> segments(String path) {
    return Stream.of(path.split("/", -1)).map(ConsoleRoute::name).toList();
  }

  private static String name(String segment) {
    String once = Query.decode(segment, false);
    return DOTS.matcher(once).matches() ? Query.decode(once, false) : once;
  }

  /// A name as a segment of a path, which [#segments] decodes.
  public static String segment(String name) {
    String escaped = DOTS.matcher(name).matches() ? name.replace("%", "%25") : name;
    return value(escaped);
  }

  /// The value of a parameter, percent-encoded.
  public static String value(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// What stands where this route's path has braces, in order; null if it is another path.
  public @Nullable List<String> match(List<String> segments) {
    String[] own = path.split("/", -1);
    if (own.length != segments.size()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < own.length; i++) {
      if (own[i].startsWith("{")) {
        names.add(segments.get(i));
      } else if (!own[i].equals(segments.get(i))) {
        return null;
      }
    }
    return names;
  }

  /// True if its path names an app.
  public boolean isOfApp() {
    return path.contains(APP);
  }

  /// True if requests with that method are answered.
  public boolean accepts(String sent) {
    return method.equals(sent) || (method.equals("GET") && sent.equals("HEAD"));
  }
}
