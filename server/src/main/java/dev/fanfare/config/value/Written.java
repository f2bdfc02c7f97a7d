package dev.fanfare.config.value;

import java.util.List;

/// A value as it was written, before it is known what it should be.
public sealed interface Written {

  Source source();

  /// What to call it in an error.
  String described();

  /// A text: a YAML scalar, quoted or not, or an environment variable.
  record Scalar(String text, Source source) implements Written {
    private static final int SHOWN_CHARS = 60;

    @Override
    public String described() {
      if (text.isEmpty()) {
        return "empty";
      }
      String line = text.replaceAll("\\p{Cntrl}+", " ");
      return '"'
          + (line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + "…" : line)
          + '"';
    }
  }

  /// A YAML sequence.
  record Items(List<Written> items, Source source) implements Written {
    @Override
    public String described() {
      return "a list";
    }
  }

  /// A YAML mapping; no key occurs twice.
  record Mapping(List<Entry> entries, Source source) implements Written {
    @Override
    public String described() {
      return "a mapping";
    }
  }

  /// A key without a value, or an empty file.
  record Nothing(Source source) implements Written {
    @Override
    public String described() {
      return "empty";
    }
  }

  /// A key of a mapping, its location and its value.
  record Entry(String key, Source source, Written value) {}
}
