package dev.fanfare.config.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.value.Problem;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Written;
import java.util.List;
import org.junit.jupiter.api.Test;

/// JSON documents as values with positions.
final class JsonFileTest {

  private final Problems problems = new Problems();

  private Written parse(String text) {
    return JsonFile.parse("a.json", text, problems);
  }

  private List<String> errors(String text) {
    Problems own = new Problems();
    assertThat(JsonFile.parse("a.json", text, own)).isInstanceOf(Written.Nothing.class);
    return own.errors().stream().map(Problem::toString).toList();
  }

  @Test
  void scalarsStayTheTextTheyWereWrittenAs() {
    Written.Items items = (Written.Items) parse("[1e-3, 10.50, true]");
    assertThat(items.items())
        .extracting(item -> ((Written.Scalar) item).text())
        .containsExactly("1e-3", "10.50", "true");
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void positionsAreThoseOfKeysAndValues() {
    Written.Mapping root = (Written.Mapping) parse("{\n\t\"a\": {\"b\": null},\n \"c\": [\"d\"]}");
    Written.Entry a = root.entries().getFirst();
    assertThat(a.source().place()).isEqualTo("a.json:2:2");
    assertThat(a.value().source().place()).isEqualTo("a.json:2:7");
    Written.Entry b = ((Written.Mapping) a.value()).entries().getFirst();
    assertThat(b.value()).isInstanceOf(Written.Nothing.class);
    Written.Items c = (Written.Items) root.entries().getLast().value();
    assertThat(c.items().getFirst().source().place()).isEqualTo("a.json:3:8");
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void byteOrderMarkIsIgnored() {
    assertThat(parse("\ufeff{}")).isInstanceOf(Written.Mapping.class);
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void emptyTextAndNullAreNothing() {
    assertThat(List.of(parse(""), parse(" \n"), parse("null")))
        .allSatisfy(value -> assertThat(value).isInstanceOf(Written.Nothing.class));
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void whatJsonDoesNotAllowIsRefusedWithItsPosition() {
    assertThat(errors("{\"port\": 1")).singleElement().asString().startsWith("a.json:1:11: not");
    assertThat(errors("{\"port\": 1")).noneMatch(error -> error.contains("Source"));
    assertThat(errors("{\"port\": 1,}")).singleElement().asString().startsWith("a.json:1:12: not");
    assertThat(errors("{ // no\n}")).singleElement().asString().startsWith("a.json:1:3: not valid");
    assertThat(errors("{'port': 1}")).singleElement().asString().startsWith("a.json:1:2: not");
    assertThat(errors("{\"a\": \"b\tc\"}")).singleElement().asString().contains("not valid JSON");
    assertThat(errors("{} {}"))
        .singleElement()
        .asString()
        .endsWith("not valid JSON: unexpected text after the end");
  }

  @Test
  void repeatedKeysAreNamedWithBothPositions() {
    assertThat(parse("{\"a\": 1,\n \"a\": 2}")).isInstanceOf(Written.Mapping.class);
    assertThat(problems.errors())
        .extracting(Problem::toString)
        .containsExactly("a.json:2:2: duplicate key a; first at a.json:1:2");
  }

  @Test
  void secretsWithoutQuotesAreNotRepeated() {
    assertThat(errors("{\"secret\": s3cret's}"))
        .singleElement()
        .asString()
        .startsWith("a.json:1:")
        .contains("unknown word")
        .doesNotContain("s3cret");
  }

  @Test
  void depthIsLimited() {
    assertThat(parse("[".repeat(20) + "]".repeat(20))).isInstanceOf(Written.Items.class);
    assertThat(problems.errors()).isEmpty();
    assertThat(errors("[".repeat(21) + "]".repeat(21)))
        .containsExactly("a.json:1:21: nested more than 20 levels deep");
    assertThat(errors("[".repeat(100_000))).hasSize(1);
  }
}
