package dev.fanfare.config.layer;

import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Reads a JSON document into [Written] values with line and column. As strict as `JSON.parse`,
/// which soketi uses: no comments, no trailing commas. Every number keeps its text. Confined to one
/// reading.
public final class JsonFile {

  // The library quotes the unexpected word, which may be a secret without its quotes.
  private static final Pattern QUOTED_WORD =
      Pattern.compile("^Unrecognized token '.*': was expecting", Pattern.DOTALL);
  private static final Pattern START_MARKER =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source: [^]]*]\\)");

  private final String name;
  private final Problems problems;
  private boolean tooDeep;

  private JsonFile(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /// The content of `text`, as if it were in a file called `name`. Without any, [Written.Nothing];
  /// the same after a problem.
  public static Written parse(String name, String text, Problems problems) {
    return new JsonFile(name, problems).parse(text.startsWith("\ufeff") ? text.substring(1) : text);
  }

  private Written parse(String text) {
    Written nothing = new Written.Nothing(Source.file(name));
    if (text.isBlank()) {
      return nothing;
    }
    SimpleModule module = new SimpleModule().addDeserializer(Written.class, new Reader());
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(module)
            .build();
    try {
      Written root = mapper.readValue(text, Written.class);
      return tooDeep ? nothing : root;
    } catch (JacksonException e) {
      if (!tooDeep) {
        problems.error(at(e.getLocation()), "not valid JSON: " + reason(e));
      }
      return nothing;
    }
  }

  private static String reason(JacksonException e) {
    if (e instanceof DatabindException) { // the only one of ours that is not about syntax
      return "unexpected text after the end";
    }
    String message = String.valueOf(e.getOriginalMessage());
    String masked = QUOTED_WORD.matcher(message).replaceFirst("unknown word: was expecting");
    return START_MARKER.matcher(masked).replaceFirst("").replaceAll("\\p{Cntrl}+", " ");
  }

  private Source at(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? Source.file(name)
        : Source.line(name, location.getLineNr(), Math.max(1, location.getColumnNr()));
  }

  /// Builds the values while the library reads, since its own trees do not keep positions.
  private final class Reader extends ValueDeserializer<Written> {

    @Override
    public Written deserialize(JsonParser parser, DeserializationContext context) {
      return value(parser, 0);
    }

    @Override
    public Written getNullValue(DeserializationContext context) {
      return new Written.Nothing(Source.file(name));
    }

    private Written value(JsonParser parser, int depth) {
      Source source = at(parser.currentTokenLocation());
      if (parser.currentToken().isStructStart() && depth == YamlFile.MAX_DEPTH) {
        if (!tooDeep) {
          problems.error(source, YamlFile.TOO_DEEP);
        }
        tooDeep = true;
        parser.skipChildren();
      }
      return switch (parser.currentToken()) {
        case START_OBJECT -> new Written.Mapping(entries(parser, depth + 1), source);
        case START_ARRAY -> new Written.Items(items(parser, depth + 1), source);
        case VALUE_NULL, END_OBJECT, END_ARRAY -> new Written.Nothing(source); // or skipped
        default -> new Written.Scalar(parser.getString(), source);
      };
    }

    private List<Written> items(JsonParser parser, int depth) {
      List<Written> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser, depth));
      }
      return items;
    }

    private List<Written.Entry> entries(JsonParser parser, int depth) {
      Map<String, Source> seen = new HashMap<>();
      List<Written.Entry> entries = new ArrayList<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        Source source = at(parser.currentTokenLocation());
        parser.nextToken();
        Written value = value(parser, depth);
        Source first = seen.putIfAbsent(key, source);
        if (first == null) {
          entries.add(new Written.Entry(key, source, value));
        } else {
          problems.error(source, YamlFile.twice(key, first));
        }
      }
      return entries;
    }
  }
}
