package dev.fanfare.transport;

import dev.fanfare.app.Secret;
import dev.fanfare.tls.KeyFiles;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether and how the server uses TLS.
///
/// @param certificate path of a PEM chain or of a PKCS12 file; empty for no TLS at all
/// @param isOrdered whether this server orders the certificate, so that it may come later
/// @param key path of the key in PEM; empty if it is in the certificate's file
/// @param password opens the key; null if it needs none
/// @param port separate port for TLS; 0 if TLS and plain text share the main port
/// @param only whether plain text is refused (426, and 4000 as in section 1.5)
/// @param protocols versions that clients may use
/// @param engine what encrypts, and makes handshakes
/// @param handshakes that may be in progress at a time; others wait for their turn
@RecordBuilder
public record TlsOptions(
    String certificate,
    boolean isOrdered,
    String key,
    @Nullable Secret password,
    int port,
    boolean only,
    List<Protocol> protocols,
    Engine engine,
    int handshakes)
    implements TlsOptionsBuilder.With {

  /// A TLS version. The JDK has disabled older ones.
  public enum Protocol {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String title;

    Protocol(String title) {
      this.title = title;
    }

    /// As the configuration and the JDK spell it.
    @Override
    public String toString() {
      return title;
    }
  }

  /// What encrypts, and makes handshakes.
  public enum Engine {
    /// BoringSSL where its library can be loaded and knows the key, else the JDK's.
    AUTO,
    /// BoringSSL, through Netty's binding for OpenSSL and its relatives.
    OPENSSL,
    /// The JDK's.
    JDK
  }

  public static final TlsOptions OFF =
      TlsOptionsBuilder.builder()
          .certificate("")
          .isOrdered(false)
          .key("")
          .password(null)
          .port(0)
          .only(false)
          .protocols(List.of(Protocol.values()))
          .engine(Engine.AUTO)
          .handshakes(512)
          .build();

  public TlsOptions {
    protocols = List.copyOf(protocols);
  }

  public boolean isOn() {
    return !certificate.isEmpty();
  }

  /// The files of certificate and key.
  public KeyFiles files() {
    return new KeyFiles(certificate, key, password, isOrdered);
  }
}
