package dev.fanfare.observe;

import java.util.function.Supplier;

/// How orders of certificates have ended.
///
/// @param issued a certificate was issued
/// @param failed the authority refused, or did not answer
public record CertificateOrders(long issued, long failed) {

  /// The newest counts. Any thread.
  public interface Source extends Supplier<CertificateOrders> {}
}
