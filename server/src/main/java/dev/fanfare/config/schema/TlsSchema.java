package dev.fanfare.config.schema;

import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.PathText;
import dev.fanfare.config.value.ProtocolList;
import dev.fanfare.config.value.SecretFile;
import dev.fanfare.config.value.SecretText;
import dev.fanfare.transport.TlsOptions;
import dev.fanfare.transport.TlsOptionsBuilder;
import java.util.List;

/// The TLS options of the server: keys `tls_…` below `server:`, variables `FANFARE_TLS_…`.
public final class TlsSchema {

  private static final TlsOptions DEFAULTS = TlsOptions.OFF;

  public static final Option<String> CERTIFICATE =
      Option.atStart(
          "tls_certificate",
          new PathText("file"),
          DEFAULTS.certificate(),
          "The server's certificate: PEM including intermediates (certbot's `fullchain.pem`), or"
              + " PKCS12. Enables TLS. Replaced files are loaded within seconds; see"
              + " [tls.md](tls.md).");

  public static final Option<String> KEY =
      Option.atStart(
          "tls_key",
          new PathText("file"),
          DEFAULTS.key(),
          "The certificate's private key, PEM (certbot's `privkey.pem`). Empty if the certificate"
              + " file contains it, as PKCS12 does.");

  public static final Option<Secret> PASSWORD =
      Option.atStart(
          "tls_password",
          new SecretText(false),
          null,
          "Password of the key or of the PKCS12 file. Set either this or `tls_password_file`.");

  static final Option<Secret> PASSWORD_FILE =
      new Option<>(
          "tls_password_file",
          "tls_password",
          new SecretFile(false),
          null,
          "File with the password of the key; white space around it is ignored.",
          false);

  public static final Option<Integer> PORT =
      Option.atStart(
          "tls_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Separate port for TLS; `port` then serves plain text only. With 0, `port` serves both"
              + " and distinguishes them by the first byte.");

  public static final Option<Boolean> ONLY =
      Option.atStart(
          "tls_only",
          new Kind.OnOff(),
          DEFAULTS.only(),
          "`true` refuses plain text: connections with 4000, upon which pusher-js reconnects over"
              + " TLS, requests with 426. Unauthenticated endpoints such as `/live` stay"
              + " reachable.");

  public static final Option<List<TlsOptions.Protocol>> PROTOCOLS =
      Option.atStart(
          "tls_protocols",
          new ProtocolList(),
          DEFAULTS.protocols(),
          "TLS versions that clients may use. Separate them with a comma in a variable.");

  static final Option<TlsOptions.Engine> ENGINE =
      Option.atStart(
          "tls_engine",
          new Kind.Choice<>(TlsOptions.Engine.class),
          DEFAULTS.engine(),
          "What encrypts: `openssl` is BoringSSL, which is part of this program and several times"
              + " faster, `jdk` is Java's engine. `auto` is BoringSSL where it can be used, and the"
              + " start-up message says why if not; with `openssl`, the server does not start"
              + " then.");

  static final Option<Integer> HANDSHAKES =
      Option.atStart(
          "tls_handshakes",
          new Kind.Whole(1, 1_000_000),
          DEFAULTS.handshakes(),
          "TLS handshakes that may be in progress at a time, each with about 50 KiB of heap; others"
              + " wait for their turn. While some wait, those whose clients take more than a second"
              + " for a step are closed.");

  static final List<Option<?>> ALL =
      List.of(CERTIFICATE, KEY, PASSWORD, PASSWORD_FILE, PORT, ONLY, PROTOCOLS, ENGINE, HANDSHAKES);

  private TlsSchema() {}

  public static TlsOptions options(Section server) {
    Setting<Secret> password = server.find(PASSWORD);
    AcmeOptions acme = AcmeSchema.options(server);
    return TlsOptionsBuilder.builder()
        .certificate(acme.isOn() ? acme.certificate() : server.get(CERTIFICATE))
        .isOrdered(acme.isOn())
        .key(server.get(KEY))
        .password(password == null ? null : password.value())
        .port(server.get(PORT))
        .only(server.get(ONLY))
        .protocols(server.get(PROTOCOLS))
        .engine(server.get(ENGINE))
        .handshakes(server.get(HANDSHAKES))
        .build();
  }
}
