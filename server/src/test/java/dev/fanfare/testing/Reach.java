package dev.fanfare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which classes can be reached from some roots within a jar: by a reference, or by a string that
/// is the name of a class. More than what really happens, since no branch is weighed.
public final class Reach {

  private static final String SUFFIX = ".class";
  private static final Pattern ELEMENT = Pattern.compile("\\[+L(.+);");
  private static final Pattern BINARY_NAME = Pattern.compile("\\w+(\\.\\w+)+(\\$\\w+)*");

  private final Path jar;
  private final Map<String, byte[]> classes = new HashMap<>();

  /// What a class refers to, as `java.lang.String`, and the first who does; in and outside of the
  /// jar.
  private final Map<String, String> reached = new TreeMap<>();

  private final Deque<String> toVisit = new ArrayDeque<>();

  /// Reads a jar as the JVM that runs this would.
  public Reach(Path jar) throws IOException {
    this.jar = jar;
    try (JarFile file = new JarFile(jar.toFile(), false, JarFile.OPEN_READ, Runtime.version())) {
      for (JarEntry entry : file.versionedStream().toList()) {
        String name = entry.getName();
        if (name.endsWith(SUFFIX)) {
          byte[] bytes = file.getInputStream(entry).readAllBytes();
          classes.put(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'), bytes);
        }
      }
    }
  }

  /// Names of all classes of the jar.
  public Collection<String> classes() {
    return classes.keySet();
  }

  /// The text of every entry whose name matches.
  public Map<String, String> texts(Pattern names) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream()
          .filter(entry -> !entry.isDirectory() && names.matcher(entry.getName()).matches())
          .forEach(entry -> texts.put(entry.getName(), text(file, entry)));
    }
    return texts;
  }

  private static String text(JarFile file, JarEntry entry) {
    try {
      return new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Walks from these, too.
  public void walk(Collection<String> roots) {
    roots.forEach(root -> reach(root, "a root"));
    while (!toVisit.isEmpty()) {
      visit(toVisit.remove());
    }
  }

  private void visit(String name) {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      return;
    }
    ClassModel model = ClassFile.of().parse(bytes);
    for (PoolEntry entry : model.constantPool()) {
      String other = named(entry);
      if (other != null) {
        reach(other, name);
      }
    }
  }

  private static @Nullable String named(PoolEntry entry) {
    return switch (entry) {
      case ClassEntry type -> element(type.asInternalName()).replace('/', '.');
      case StringEntry text when BINARY_NAME.matcher(text.stringValue()).matches() ->
          text.stringValue();
      default -> null;
    };
  }

  private static String element(String type) {
    Matcher array = ELEMENT.matcher(type);
    return array.matches() ? array.group(1) : type;
  }

  private void reach(String name, String from) {
    if (reached.putIfAbsent(name, from) == null) {
      toVisit.add(name);
    }
  }

  /// Of these names, those that are reached but not in the jar, each with the way to it.
  public Collection<String> missing(Collection<String> names) {
    Collection<String> missing = new TreeSet<>();
    for (String name : names) {
      if (reached.containsKey(name) && !classes.containsKey(name)) {
        missing.add(name + " <- " + way(name));
      }
    }
    return missing;
  }

  /// Everything that is reached outside of the jar, and by whom.
  public Map<String, String> outside() {
    Map<String, String> outside = new TreeMap<>(reached);
    outside.keySet().removeAll(classes.keySet());
    return outside;
  }

  private String way(String name) {
    StringBuilder way = new StringBuilder();
    String from = reached.get(name);
    while (from != null) {
      way.append(way.isEmpty() ? "" : " <- ").append(from);
      from = reached.get(from);
    }
    return way.toString();
  }
}
