package dev.fanfare.doctor.step;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// The names that a certificate is valid for, as browsers read it (RFC 6125): only its subject
/// alternative names.
record CertificateNames(List<String> dns, List<String> ips) {

  private static final int DNS = 2;
  private static final int IP = 7;

  static CertificateNames of(X509Certificate certificate) {
    List<String> dns = new ArrayList<>();
    List<String> ips = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (name.get(0).equals(DNS)) {
          dns.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        } else if (name.get(0).equals(IP)) {
          ips.add(String.valueOf(name.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      return new CertificateNames(List.of(), List.of()); // unreadable names count as none
    }
    return new CertificateNames(List.copyOf(dns), List.copyOf(ips));
  }

  boolean cover(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.contains(":") || name.matches("[\\d.]+")) {
      return ips.stream().anyMatch(ip -> isSame(ip, name));
    }
    int dot = name.indexOf('.');
    String wildcard = dot < 0 ? name : "*" + name.substring(dot);
    return dns.contains(name) || dns.contains(wildcard);
  }

  private static boolean isSame(String one, String other) {
    try {
      return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    List<String> all = new ArrayList<>(dns);
    all.addAll(ips);
    return all.isEmpty() ? "no name" : String.join(", ", all);
  }
}
