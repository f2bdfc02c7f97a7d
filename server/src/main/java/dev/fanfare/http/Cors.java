package dev.fanfare.http;

import java.util.List;

/// Lets pages of any origin call the API: every request is signed, and no cookie is involved.
final class Cors {

  private static final String DAY_SECONDS = "86400";

  private Cors() {}

  static Response allow(Response response) {
    return response.withHeader("Access-Control-Allow-Origin", "*");
  }

  static Response preflight(List<String> methods) {
    return Response.empty(204)
        .withHeader("Access-Control-Allow-Methods", String.join(", ", methods))
        .withHeader("Access-Control-Allow-Headers", "Content-Type, Authorization, X-Pusher-Library")
        .withHeader("Access-Control-Max-Age", DAY_SECONDS);
  }
}
