package dev.fanfare.doctor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Collectors;

/// Looks the name up, as the system does it.
final class DnsCheck implements Check {

  @Override
  public Step step() {
    return Step.DNS;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) {
    String host = visit.site().host();
    List<InetAddress> addresses;
    try {
      addresses = List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return new Outcome.Failed(
          "the name " + host + " is not known here",
          "Check its spelling and its A and AAAA records. A name of a container or of a private"
              + " network is known inside only; browsers need one that is known to them.");
    }
    visit.addresses(addresses);
    boolean isLiteral = addresses.getFirst().getHostAddress().equals(host);
    return new Outcome.Passed(
        isLiteral
            ? host + " is an address, there is nothing to look up"
            : Words.count(addresses.size(), "address", "addresses")
                + ": "
                + addresses.stream().map(DnsCheck::text).collect(Collectors.joining(", ")));
  }

  private static String text(InetAddress address) {
    String version = address instanceof Inet6Address ? " (IPv6)" : " (IPv4)";
    return address.getHostAddress() + version;
  }
}
