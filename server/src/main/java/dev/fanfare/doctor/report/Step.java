package dev.fanfare.doctor.report;

import java.util.List;

/// The steps, in the order in which they run.
public enum Step {
  URL("URL"),
  DNS("DNS"),
  TCP("TCP"),
  TLS("TLS"),
  HTTP("HTTP"),
  UPGRADE("upgrade"),
  HANDSHAKE("handshake"),
  PING("ping"),
  PUBLIC("public channel"),
  PRIVATE("private channel"),
  FORGERY("forged signature"),
  ENDPOINT("auth endpoint"),
  CLOCK("clock"),
  PUBLISH("publish"),
  DELIVERY("delivery"),
  LARGE("10 kB event"),
  CONFIRMATION("confirmation"),
  IDLE("idle");

  private final String title;

  Step(String title) {
    this.title = title;
  }

  /// The title in reports.
  public String title() {
    return title;
  }

  /// True if the step needs an app's key.
  public boolean needsKey() {
    return switch (this) {
      case URL, DNS, TCP, TLS, HTTP, UPGRADE, CLOCK -> false;
      case HANDSHAKE,
          PING,
          PUBLIC,
          PRIVATE,
          FORGERY,
          ENDPOINT,
          PUBLISH,
          DELIVERY,
          LARGE,
          CONFIRMATION,
          IDLE ->
          true;
    };
  }

  /// Steps that must succeed first. A server that exposes only `/app` and `/apps` is fine, so no
  /// step needs [#HTTP].
  public List<Step> needs() {
    return switch (this) {
      case URL -> List.of();
      case DNS -> List.of(URL);
      case TCP -> List.of(DNS);
      case TLS -> List.of(TCP);
      case HTTP, UPGRADE, CLOCK -> List.of(TLS);
      case HANDSHAKE -> List.of(UPGRADE);
      case PING, PUBLIC, PRIVATE, ENDPOINT -> List.of(HANDSHAKE);
      case FORGERY -> List.of(PRIVATE);
      case PUBLISH -> List.of(CLOCK);
      case DELIVERY -> List.of(PUBLIC, PUBLISH);
      case LARGE, CONFIRMATION -> List.of(DELIVERY);
      case IDLE -> List.of(PING);
    };
  }
}
