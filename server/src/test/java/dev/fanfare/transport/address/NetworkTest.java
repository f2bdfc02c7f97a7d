package dev.fanfare.transport.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Address ranges, and which addresses they contain.
final class NetworkTest {

  private static Ip ip(String text) {
    return Objects.requireNonNull(Ip.parse(text), text);
  }

  private static Network network(String text) {
    return Objects.requireNonNull(Network.parse(text), text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/8, 10.9.9.9, true",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "192.0.2.128/25, 192.0.2.129, true",
    "192.0.2.128/25, 192.0.2.127, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 192.0.2.1, true",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::/64, 2001:db8::ffff:0:0:1, true",
    "2001:db8::/65, 2001:db8::8000:0:0:0, false",
    "2001:db8::1, 2001:db8::1, true",
    "2001:db8::1, 2001:db8::2, false",
    "::1/128, ::1, true",
  })
  void anAddressIsInARangeIfItSharesItsBits(String network, String address, boolean isIn) {
    assertThat(network(network).contains(ip(address))).isEqualTo(isIn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10.0.0/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "::/129",
        "localhost",
        "10.0.0.0/8 ",
        "10.0.0.256",
        "10.0.0.0/1000000000000",
        ":::",
        "fe80::1%eth0"
      })
  void invalidRangesAreRefused(String text) {
    assertThat(Network.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "192.0.2.1, 192.0.2.1/32",
    "2001:DB8:0::/32, 2001:db8::/32",
    "::1, ::1/128",
  })
  void aRangeIsPrintedInCidrNotation(String text, String printed) {
    assertThat(network(text)).hasToString(printed);
  }

  @Test
  void anIpv4AddressIsTheSameOnBothKindsOfSocket() throws UnknownHostException {
    assertThat(Ip.of(InetAddress.getByName("192.0.2.1"))).isEqualTo(ip("::ffff:192.0.2.1"));
    assertThat(ip("::ffff:192.0.2.1")).hasToString("192.0.2.1");
  }

  // X-Forwarded-For

  private static String behind(String peer, String... headers) {
    Remote remote = new Remote(ip(peer), 5);
    List<Network> trusted = List.of(network("10.0.0.0/8"), network("fd00::/8"));
    return remote.behind(trusted, List.of(headers)).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "10.0.0.1    | 192.0.2.9                        | 192.0.2.9",
        "10.0.0.1    | 192.0.2.9, 10.0.0.2              | 192.0.2.9",
        "10.0.0.1    | 6.6.6.6, 192.0.2.9, 10.0.0.2     | 192.0.2.9",
        "10.0.0.1    | 10.0.0.3, 10.0.0.2               | 10.0.0.3",
        "192.0.2.1   | 6.6.6.6                          | 192.0.2.1:5",
        "10.0.0.1    | \"\"                             | 10.0.0.1:5",
        "10.0.0.1    | \"192.0.2.9,\"                   | 192.0.2.9",
        "10.0.0.1    | \", 192.0.2.9, ,,10.0.0.2, \"   | 192.0.2.9",
        "10.0.0.1    | \" , ,\"                         | 10.0.0.1:5",
        "10.0.0.1    | unknown                          | 10.0.0.1:5",
        "10.0.0.1    | 6.6.6.6, unknown, 10.0.0.2       | 10.0.0.2",
        "10.0.0.1    | 192.0.2.9:4711                   | 192.0.2.9",
        "fd00::1     | 2001:db8::9                      | 2001:db8::9",
        "fd00::1     | [2001:db8::9]:4711               | 2001:db8::9",
        "2001:db8::1 | 6.6.6.6                          | [2001:db8::1]:5",
      })
  void theRightmostAddressThatIsNotATrustedProxyIsTheClient(
      String peer, String header, String client) {
    assertThat(behind(peer, header)).isEqualTo(client);
  }

  @Test
  void severalHeaderLinesAreOneList() {
    assertThat(behind("10.0.0.1", "6.6.6.6, 192.0.2.9", "10.0.0.2")).isEqualTo("192.0.2.9");
    assertThat(behind("10.0.0.1", "192.0.2.9", "")).isEqualTo("192.0.2.9");
    assertThat(behind("10.0.0.1")).isEqualTo("10.0.0.1:5");
  }
}
