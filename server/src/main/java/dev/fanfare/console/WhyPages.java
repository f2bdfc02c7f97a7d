package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.console.detective.Detective;
import dev.fanfare.console.detective.Finding;
import dev.fanfare.console.detective.RequestCase;
import dev.fanfare.console.detective.SubscriptionCase;
import dev.fanfare.console.login.Caller;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why a signature was refused: what it was right for, found out on request.
final class WhyPages {

  /// Connections of the same address that are compared.
  private static final int MAX_EARLIER = 50;

  private static final Pattern PORT = Pattern.compile(":[0-9]+$");
  private static final String SPLIT = " ";

  private final Apps apps;
  private final Retrospect retrospect;

  WhyPages(Apps apps, Retrospect retrospect) {
    this.apps = apps;
    this.retrospect = retrospect;
  }

  /// What is known about a refusal.
  ///
  /// @param id of its row
  Reply show(App app, Caller caller, String id) {
    Row.Refused refused = find(app, id);
    if (refused == null) {
      return Reply.refusal(404, "No refusal " + Row.cut(id) + " is remembered");
    }
    Json.Writer out = Json.object().field("id", id).field("reason", refused.reason());
    Row.Evidence evidence = refused.evidence();
    if (evidence == null) {
      return Reply.of(
          out.field("text", "No signature was compared, or it was too long to be kept"));
    }
    Detective detective = new Detective(app, apps.known(), each -> caller.sees(each.id()));
    List<App> shown = apps.known().stream().filter(each -> caller.sees(each.id())).toList();
    String request = refused.asked().request();
    if (request == null) {
      subscription(out, app, detective, refused, evidence);
    } else {
      String[] line = request.split(SPLIT, 2);
      String query = evidence.signed() == null ? "" : evidence.signed();
      RequestCase theCase = new RequestCase(line[0], line[line.length - 1], query);
      out.field("string_to_sign", theCase.toSign()).field("given", Row.cut(theCase.given()));
      finding(out, detective, theCase.solve(detective, app, shown));
    }
    return Reply.of(out);
  }

  private Row.@Nullable Refused find(App app, String id) {
    for (RowRing.Entry entry : retrospect.refusals(app.id(), _ -> true)) {
      if (Long.toString(entry.id()).equals(id) && entry.row() instanceof Row.Refused refused) {
        return refused;
      }
    }
    return null;
  }

  private void subscription(
      Json.Writer out, App app, Detective detective, Row.Refused refused, Row.Evidence evidence) {
    String socket = refused.socket();
    String channel = refused.channel();
    SubscriptionCase theCase =
        new SubscriptionCase(
            socket == null ? "" : socket,
            earlier(app, refused),
            channel == null ? "" : channel,
            evidence.signed(),
            evidence.auth());
    out.field("string_to_sign", theCase.toSign()).field("given", Row.cut(theCase.given()));
    finding(out, detective, theCase.solve(detective, app, apps.known()));
  }

  private static void finding(Json.Writer out, Detective detective, @Nullable Finding finding) {
    out.field("signatures", detective.signed());
    if (finding == null) {
      out.field(
          "text",
          "None of the usual mistakes makes this signature: compare the secret of the auth endpoint"
              + " or publisher");
    } else {
      out.field("finding", finding.what()).field("text", finding.text());
    }
  }

  /// Other connections that the address had before, newest first.
  private List<SubscriptionCase.Earlier> earlier(App app, Row.Refused refused) {
    String host = host(refused.address());
    if (host == null) {
      return List.of();
    }
    Map<String, String> ends = new LinkedHashMap<>();
    for (RowRing.Entry entry :
        retrospect.sockets(app.id(), row -> host.equals(host(row.address())))) {
      Row row = entry.row();
      String socket = row.socket();
      if (socket != null && !socket.equals(refused.socket()) && row.atNs() - refused.atNs() <= 0) {
        boolean isEnd = row instanceof Row.Closed;
        String ago = Moments.text(refused.atNs() - row.atNs()) + " before";
        ends.put(socket, isEnd ? "ended " + ago : "was established " + ago);
      }
    }
    List<SubscriptionCase.Earlier> earlier = new ArrayList<>();
    ends.forEach((socket, end) -> earlier.add(new SubscriptionCase.Earlier(socket, end)));
    List<SubscriptionCase.Earlier> newest = earlier.reversed();
    return newest.subList(0, Math.min(MAX_EARLIER, newest.size()));
  }

  private static @Nullable String host(@Nullable String address) {
    boolean hasPort =
        address != null
            && (address.indexOf(':') == address.lastIndexOf(':') || address.startsWith("["));
    return address == null || !hasPort ? address : PORT.matcher(address).replaceFirst("");
  }
}
