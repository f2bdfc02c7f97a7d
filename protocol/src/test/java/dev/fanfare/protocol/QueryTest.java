package dev.fanfare.protocol;

import static dev.fanfare.protocol.Query.Arrays.BRACKETS;
import static dev.fanfare.protocol.Query.Arrays.JOINED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Query strings of SDKs (sections 6.1, 6.11), and malformed ones.
final class QueryTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      textBlock =
          """
          # query                   | name | value
          name=foo                  | name | foo
          a=1&name=foo&b=2          | name | foo
          name=one&name=two         | name | one
          Name=foo                  | name | foo
          name=foo                  | NAME | foo
          name=                     | name | ``
          name                      | name | ``
          name=a=b==                | name | a=b==
          name=a%2Cb%3Dc%26d        | name | a,b=c&d
          name=Something%20else     | name | Something else
          name=Something+else       | name | Something else
          name=1%2B1                | name | 1+1
          n%61me=foo                | name | foo
          name=gr%C3%BC%c3%9fe      | name | grüße
          name=a;b                  | name | a;b
          &&name=foo&               | name | foo
          other=foo                 | name | -
          ``                        | name | -
          names=foo                 | name | -
          # A broken escape stands for itself.
          name=100%                 | name | 100%
          name=%zz%4                | name | %zz%4
          name=%u0041               | name | %u0041
          name=%2                   | name | %2
          name=%-1%+1               | name | %-1% 1
          # A broken UTF-8 sequence becomes the sign for that.
          name=%ff                  | name | \ufffd
          """)
  void aParameterIsFoundIgnoringCaseAndDecoded(String query, String name, @Nullable String value) {
    assertThat(Query.parse(query).get(name)).isEqualTo(value);
  }

  @Test
  void allSpellingsOfAnArrayAreOneList() {
    Query query = Query.parse("channels[]=a&x=1&channels%5B1%5D=b&channels=c&Channels[9]=d");
    assertThat(query.all("channels")).isEqualTo(List.of("a", "b", "c", "d"));
    assertThat(query.all("x")).isEqualTo(List.of("1"));
    assertThat(query.all("nothing")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # query as sent                         | as signed
          b=2&a=1                                 | a=1&b=2
          auth_signature=x&b=2&AUTH_SIGNATURE=y   | b=2
          Name=Something%20else                   | name=Something else
          info=user_count%2Csubscription_count    | info=user_count,subscription_count
          info=user_count,subscription_count      | info=user_count,subscription_count
          a=b=c                                   | a=b=c
          a                                       | a=
          a=2&a=1                                 | a=2&a=1
          # Bytes decide: capitals were lowered before, `_` stands before letters.
          aB=1&a_=2&aa=3                          | a_=2&aa=3&ab=1
          ``                                      | ``
          """)
  void theStringToSignIsSortedLowercasedAndDecoded(String query, String signed) {
    assertThat(Query.parse(query).toSign(JOINED)).isEqualTo(signed);
    assertThat(Query.parse(query).toSign(BRACKETS)).isEqualTo(signed);
  }

  /// PHP signs `channels=a,b` and sends `channels[0]=a&channels[1]=b`; Ruby signs what it sends.
  @Test
  void arraysAreSignedInEitherForm() {
    Query query = Query.parse("name=e&channels[0]=a&channels[1]=b,c&channels[2]=d");
    assertThat(query.toSign(JOINED)).isEqualTo("channels=a,b,c,d&name=e");
    assertThat(query.toSign(BRACKETS))
        .isEqualTo("channels[0]=a&channels[1]=b,c&channels[2]=d&name=e");
    Query ruby = Query.parse("channels%5B%5D=b&channels%5B%5D=a");
    assertThat(ruby.toSign(BRACKETS)).isEqualTo("channels[]=b&channels[]=a");
    assertThat(ruby.toSign(JOINED)).isEqualTo("channels=b,a");
  }

  @Test
  void anArrayJoinsTheFirstOfItsNameAndPlainPairsStayApart() {
    assertThat(Query.parse("a=1&a[]=2&A[x]=3&a=4&b[]=5").toSign(JOINED))
        .isEqualTo("a=1,2,3&a=4&b=5");
  }

  @Test
  void aSenderMayHaveSignedItsEscapes() {
    assertThat(Query.parse("b=%20&a=%2C").toSignRaw()).isEqualTo("a=%2C&b=%20");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]=1", "[", "]", "a[=1", "a]=1", "a[b=1", "=", "=1", "==", "&=&", "%", "%%%"})
  void oddKeysAreKeptAsTheyAre(String query) {
    Query parsed = Query.parse(query);
    assertThat(parsed.toSign(JOINED)).isEqualTo(parsed.toSign(BRACKETS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # path as sent                 | decoded: a plus sign in a path is a plus sign
          /apps/3/channels/a,b;c=@d.e    | /apps/3/channels/a,b;c=@d.e
          /apps/3/users/u%201/%C3%A9     | /apps/3/users/u 1/é
          /apps/3/channels/a+b           | /apps/3/channels/a+b
          /apps/3/channels/a%2Fb         | /apps/3/channels/a/b
          /apps/3/channels/%             | /apps/3/channels/%
          """)
  void aPathIsDecodedWithoutTouchingPluses(String path, String decoded) {
    assertThat(Query.decode(path, false)).isEqualTo(decoded);
  }

  @Test
  void onlySoManyPairsAreReadAndTheRestIsCounted() {
    String most = "a=1&".repeat(Query.MAX_PAIRS - 1) + "name=last";
    assertThat(Query.parse("&&" + most + "&").check()).isEqualTo(Parsed.PASSED);
    assertThat(Query.parse(most).get("name")).isEqualTo("last");
    Query more = Query.parse("a=1&" + most + "&b=2");
    assertThat(more.check())
        .isEqualTo(new Parsed.Bad<>("The query has 66 parameters, the limit is 64"));
    assertThat(more.get("name")).isNull();
    assertThat(more.toSign(JOINED)).hasSize("a=1&".length() * Query.MAX_PAIRS - 1);
  }
}
