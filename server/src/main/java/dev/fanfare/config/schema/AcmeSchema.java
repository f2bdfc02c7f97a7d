package dev.fanfare.config.schema;

import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.acme.AcmeOptionsBuilder;
import dev.fanfare.app.Secret;
import dev.fanfare.config.value.DomainList;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.PathText;
import dev.fanfare.config.value.SecretFile;
import dev.fanfare.config.value.SecretText;
import java.util.List;
import java.util.regex.Pattern;

/// The options of ordered certificates: keys `acme_…` below `server:`, variables `FANFARE_ACME_…`.
public final class AcmeSchema {

  private static final AcmeOptions DEFAULTS = AcmeOptions.OFF;

  public static final Option<List<String>> DOMAINS =
      Option.atStart(
          "acme_domains",
          new DomainList(),
          DEFAULTS.domains(),
          "Host names to order a certificate for, by ACME; enables TLS. See"
              + " [tls.md](tls.md#a-certificate-by-acme).");

  public static final Option<Boolean> TERMS_AGREED =
      Option.atStart(
          "acme_terms_agreed",
          new Kind.OnOff(),
          DEFAULTS.termsAgreed(),
          "`true` says that you agree to the terms of the authority in `acme_directory`.");

  public static final Option<String> EMAIL =
      Option.atStart(
          "acme_email",
          new Kind.Text(
              Pattern.compile("|[^\\s@,?]+@[^\\s@,?]+"), "an e-mail address, or \"\" for none"),
          DEFAULTS.email(),
          "Where the authority may reach you.");

  public static final Option<String> DIRECTORY =
      Option.atStart(
          "acme_directory",
          new Kind.Text(
              Pattern.compile("letsencrypt|letsencrypt-staging|https://[^\\s/?#@]+(?:/[^\\s?#]*)?"),
              "letsencrypt, letsencrypt-staging or the https URL of a directory"),
          DEFAULTS.directory(),
          "The authority. `letsencrypt-staging` issues certificates that no client trusts, with"
              + " generous limits: try it first.");

  public static final Option<String> CA =
      Option.atStart(
          "acme_ca",
          new PathText("file"),
          DEFAULTS.ca(),
          "PEM with the authorities to trust for `acme_directory`, if it is a private one; empty"
              + " for those of Java.");

  public static final Option<String> DIR =
      Option.atStart(
          "acme_dir",
          new Kind.Text(Pattern.compile("\\S.*"), "the path of a folder"),
          DEFAULTS.folder(),
          "Folder that keeps account and certificate, so that a restart orders nothing. A relative"
              + " path starts at the working directory.");

  public static final Option<AcmeOptions.Challenge> CHALLENGE =
      Option.atStart(
          "acme_challenge",
          new Kind.Choice<>(AcmeOptions.Challenge.class, AcmeOptions.Challenge::toString),
          DEFAULTS.challenge(),
          "How the authority checks that the domains are yours: `http-01` on port 80 of each,"
              + " `tls-alpn-01` on port 443, without a separate port here.");

  public static final Option<Integer> HTTP_PORT =
      Option.atStart(
          "acme_http_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.httpPort(),
          "Port for `http-01`, which port 80 of the domains must lead to; 0 picks a free one.");

  public static final Option<Integer> RENEW_DAYS =
      Option.atStart(
          "acme_renew_days",
          new Kind.Whole(0, 365),
          DEFAULTS.renewDays(),
          "Days before expiry at which the certificate is renewed; 0 for a third of its lifetime.");

  public static final Option<String> KEY_ID =
      Option.atStart(
          "acme_key_id",
          new Kind.Text(Pattern.compile("|\\S+"), "a text without spaces, or \"\" for none"),
          DEFAULTS.keyId(),
          "Key identifier of your account at the authority, if it asks for one (external account"
              + " binding).");

  public static final Option<Secret> MAC_KEY =
      Option.atStart(
          "acme_mac_key",
          new SecretText(false),
          null,
          "The key of `acme_key_id`, as the authority shows it. Set either this or"
              + " `acme_mac_key_file`.");

  static final Option<Secret> MAC_KEY_FILE =
      new Option<>(
          "acme_mac_key_file",
          "acme_mac_key",
          new SecretFile(false),
          null,
          "File with the key of `acme_key_id`; white space around it is ignored.",
          false);

  static final List<Option<?>> ALL =
      List.of(
          DOMAINS,
          TERMS_AGREED,
          EMAIL,
          DIRECTORY,
          CA,
          DIR,
          CHALLENGE,
          HTTP_PORT,
          RENEW_DAYS,
          KEY_ID,
          MAC_KEY,
          MAC_KEY_FILE);

  private AcmeSchema() {}

  public static AcmeOptions options(Section server) {
    Setting<Secret> macKey = server.find(MAC_KEY);
    return AcmeOptionsBuilder.builder()
        .domains(server.get(DOMAINS))
        .termsAgreed(server.get(TERMS_AGREED))
        .email(server.get(EMAIL))
        .directory(server.get(DIRECTORY))
        .ca(server.get(CA))
        .folder(server.get(DIR))
        .challenge(server.get(CHALLENGE))
        .httpPort(server.get(HTTP_PORT))
        .renewDays(server.get(RENEW_DAYS))
        .keyId(server.get(KEY_ID))
        .macKey(macKey == null ? null : macKey.value())
        .build();
  }
}
