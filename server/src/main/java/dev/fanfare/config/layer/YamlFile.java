package dev.fanfare.config.layer;

import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads a YAML file into [Written] values with line and column; [JsonFile] does the same for JSON.
/// Works on YAML nodes rather than on maps, so that every scalar keeps its text: `id: 007` is
/// `007`. Confined to one reading.
public final class YamlFile {

  // A configuration needs four. The library recurses; without a bound, its stack overflows.
  static final int MAX_DEPTH = 20;
  static final String TOO_DEEP = "nested more than " + MAX_DEPTH + " levels deep";

  private static final Pattern NAMING =
      Pattern.compile("^found (?:undefined alias|duplicate anchor|undefined tag handle)");
  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  private final String name;
  private final Problems problems;

  private YamlFile(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /// The content of `file`, or nothing after reporting what is wrong with it.
  public static Written read(Path file, Problems problems) {
    Source source = Source.file(file.toString());
    try {
      String text = Files.readString(file);
      return file.toString().endsWith(".json")
          ? JsonFile.parse(file.toString(), text, problems)
          : parse(file.toString(), text, problems);
    } catch (NoSuchFileException e) {
      problems.error(source, "there is no such file");
    } catch (CharacterCodingException e) {
      problems.error(source, "the file is not UTF-8 text");
    } catch (IOException e) {
      String why = Files.isDirectory(file) ? "it is a directory" : String.valueOf(e.getMessage());
      problems.error(source, "the file cannot be read: " + why);
    }
    return new Written.Nothing(source);
  }

  /// The content of `text`, as if it were in a file called `name`.
  static Written parse(String name, String text, Problems problems) {
    return new YamlFile(name, problems).parse(text);
  }

  private Written parse(String text) {
    try {
      if (isShallow(new Parse(SETTINGS).parseString(text))) {
        Optional<Node> root = new Compose(SETTINGS).composeString(text);
        if (root.isPresent()) {
          return written(root.get(), 0);
        }
      }
    } catch (MarkedYamlEngineException e) {
      String context =
          e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ": ";
      String problem = named(e.getProblem());
      problems.error(at(e.getProblemMark()), "not valid YAML: " + context + problem);
    } catch (YamlEngineException e) {
      problems.error(Source.file(name), "not valid YAML: " + e.getMessage());
    }
    return new Written.Nothing(Source.file(name));
  }

  /// Without the name at the end: a secret that begins with `*`, `&` or `!` would be taken for one.
  private static String named(String problem) {
    Matcher matcher = NAMING.matcher(problem);
    return matcher.find()
        ? matcher.group() + "; a text that begins with *, & or ! needs quotes"
        : problem;
  }

  private boolean isShallow(Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      depth +=
          switch (event.getEventId()) {
            case SequenceStart, MappingStart -> 1;
            case SequenceEnd, MappingEnd -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        problems.error(at(event.getStartMark()), TOO_DEEP);
        return false;
      }
    }
    return true;
  }

  private Written written(Node node, int depth) {
    Source source = at(node.getStartMark());
    if (depth > MAX_DEPTH) {
      problems.error(source, "an alias (*) within what it stands for");
      return new Written.Nothing(source);
    }
    return switch (node) {
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> new Written.Nothing(source);
      case ScalarNode scalar -> new Written.Scalar(scalar.getValue(), source);
      case SequenceNode list ->
          new Written.Items(
              list.getValue().stream().map(item -> written(item, depth + 1)).toList(), source);
      case MappingNode mapping -> new Written.Mapping(entries(mapping, depth + 1), source);
      default -> throw new IllegalStateException("no YAML node: " + node);
    };
  }

  private List<Written.Entry> entries(MappingNode mapping, int depth) {
    Map<String, Source> seen = new HashMap<>();
    List<Written.Entry> entries = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Source source = at(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        problems.error(source, "a key must be a word, not a list or a mapping");
        continue;
      }
      String key = scalar.getValue();
      Source first = seen.putIfAbsent(key, source);
      if (first == null) {
        entries.add(new Written.Entry(key, source, written(tuple.getValueNode(), depth)));
      } else {
        problems.error(source, twice(key, first));
      }
    }
    return entries;
  }

  /// The error for a key that is repeated in one mapping.
  static String twice(String key, Source first) {
    return "duplicate key " + key + "; first at " + first.place();
  }

  private Source at(Optional<Mark> mark) {
    return mark.map(m -> Source.line(name, m.getLine() + 1, m.getColumn() + 1))
        .orElse(Source.file(name));
  }
}
