package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Words;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Collectors;

/// Resolves the host name, as the system does.
public final class DnsCheck implements Check {

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
          "the host name " + host + " cannot be resolved here",
          "Check its spelling and its A and AAAA records. Names of containers and of private"
              + " networks resolve only inside them; browsers need a public name.");
    }
    visit.setAddresses(addresses);
    boolean isLiteral = addresses.getFirst().getHostAddress().equals(host);
    return new Outcome.Passed(
        isLiteral
            ? host + " is an address, nothing to resolve"
            : Words.count(addresses.size(), "address", "addresses")
                + ": "
                + addresses.stream().map(DnsCheck::text).collect(Collectors.joining(", ")));
  }

  private static String text(InetAddress address) {
    String version = address instanceof Inet6Address ? " (IPv6)" : " (IPv4)";
    return address.getHostAddress() + version;
  }
}
