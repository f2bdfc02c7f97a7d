package dev.fanfare.acme;

import dev.fanfare.app.Secret;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether and how certificates are ordered.
///
/// @param domains host names of the certificate; empty if none is ordered
/// @param email where the authority may reach the operator; empty for none
/// @param termsAgreed whether the operator agrees to the authority's terms
/// @param directory `letsencrypt`, `letsencrypt-staging` or the https URL of a directory
/// @param ca path of a PEM with authorities to trust for the directory; empty for those of the JDK
/// @param folder path of the folder that keeps account and certificate
/// @param challenge how domains are proved
/// @param httpPort for challenges over HTTP; 0 picks a free one
/// @param renewDays before expiry; 0 for a third of the lifetime
/// @param keyId of an account elsewhere that the authority asks for; empty for none
/// @param macKey belongs to `keyId`, in base64url; null for none
@RecordBuilder
public record AcmeOptions(
    List<String> domains,
    String email,
    boolean termsAgreed,
    String directory,
    String ca,
    String folder,
    Challenge challenge,
    int httpPort,
    int renewDays,
    String keyId,
    @Nullable Secret macKey)
    implements AcmeOptionsBuilder.With {

  /// How an authority is shown that a domain belongs to this server.
  public enum Challenge {
    /// A response on port 80 (RFC 8555 section 8.3).
    HTTP_01("http-01"),
    /// A certificate on port 443 (RFC 8737).
    TLS_ALPN_01("tls-alpn-01");

    private final String title;

    Challenge(String title) {
      this.title = title;
    }

    /// As the configuration spells it.
    @Override
    public String toString() {
      return title;
    }
  }

  private static final String LETS_ENCRYPT = "letsencrypt";
  private static final String STAGING = "letsencrypt-staging";

  public static final AcmeOptions OFF =
      AcmeOptionsBuilder.builder()
          .domains(List.of())
          .email("")
          .termsAgreed(false)
          .directory(LETS_ENCRYPT)
          .ca("")
          .folder("fanfare-data/acme")
          .challenge(Challenge.HTTP_01)
          .httpPort(80)
          .renewDays(0)
          .keyId("")
          .macKey(null)
          .build();

  public AcmeOptions {
    domains = List.copyOf(domains);
  }

  public boolean isOn() {
    return !domains.isEmpty();
  }

  /// The URL of the directory.
  public URI url() {
    return URI.create(
        switch (directory) {
          case LETS_ENCRYPT -> "https://acme-v02.api.letsencrypt.org/directory";
          case STAGING -> "https://acme-staging-v02.api.letsencrypt.org/directory";
          default -> directory;
        });
  }

  /// Where everything of this directory is kept: another authority does not know the account, and
  /// clients do not trust the certificate of a staging authority.
  public Path home() {
    String name = url().getAuthority() + url().getPath();
    return Path.of(folder, name.replaceAll("[^A-Za-z0-9.]+", "-"));
  }

  /// The file with the certificate and its key.
  public String certificate() {
    return home().resolve(AcmeFolder.CERTIFICATE).toString();
  }
}
