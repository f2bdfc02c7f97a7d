package dev.fanfare.config;

import dev.fanfare.app.Secret;
import dev.fanfare.transport.TlsOptions;
import java.util.List;

/// The options of the server that are about TLS: keys `tls_…` below `server:`, variables
/// `FANFARE_TLS_…`.
final class TlsSchema {

  private static final TlsOptions DEFAULTS = TlsOptions.OFF;

  static final Option<String> CERTIFICATE =
      Option.of(
          "tls_certificate",
          new PathText("file"),
          DEFAULTS.certificate(),
          "The server's certificate: PEM with those that vouch for it (of certbot:"
              + " `fullchain.pem`), or PKCS12. Switches TLS on. Replaced files are used within"
              + " seconds; see [tls.md](tls.md).");

  static final Option<String> KEY =
      Option.of(
          "tls_key",
          new PathText("file"),
          DEFAULTS.key(),
          "The key of the certificate, in PEM (of certbot: `privkey.pem`). Empty if the file of the"
              + " certificate holds it too, as PKCS12 does.");

  static final Option<Secret> PASSWORD =
      Option.of(
          "tls_password",
          new SecretText(false),
          null,
          "Opens the key or the PKCS12 file. Give either this or `tls_password_file`.");

  static final Option<Secret> PASSWORD_FILE =
      new Option<>(
          "tls_password_file",
          "tls_password",
          new SecretFile(false),
          null,
          "A file that holds that password, as `secret_file` of an app does.");

  static final Option<Integer> PORT =
      Option.of(
          "tls_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port for TLS alone; `port` is for plain text alone then. 0 has both on `port`, told"
              + " apart by their first byte.");

  static final Option<Boolean> ONLY =
      Option.of(
          "tls_only",
          new Kind.OnOff(),
          DEFAULTS.only(),
          "`true` refuses plain text: connections with 4000, at which pusher-js comes back by TLS,"
              + " requests with 426. What is open to everyone, such as `/live`, stays so.");

  static final Option<List<TlsOptions.Protocol>> PROTOCOLS =
      Option.of(
          "tls_protocols",
          new ProtocolList(),
          DEFAULTS.protocols(),
          "Versions of TLS that clients may use. A variable holds them with a comma between.");

  static final List<Option<?>> ALL =
      List.of(CERTIFICATE, KEY, PASSWORD, PASSWORD_FILE, PORT, ONLY, PROTOCOLS);

  private TlsSchema() {}

  static TlsOptions options(Section server) {
    Setting<Secret> password = server.find(PASSWORD);
    return new TlsOptions(
        server.get(CERTIFICATE),
        server.get(KEY),
        password == null ? null : password.value(),
        server.get(PORT),
        server.get(ONLY),
        server.get(PROTOCOLS));
  }
}
