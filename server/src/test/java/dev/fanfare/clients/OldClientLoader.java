package dev.fanfare.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Defines a second copy of the test classes, linked to another version of the Java client and that
/// version's libraries. Classes found in neither come from the class path: the server, JUnit,
/// slf4j.
final class OldClientLoader extends URLClassLoader {

  /// Version 2.2.5, whose jars the build copies to `target`.
  static final OldClientLoader SHARED =
      new OldClientLoader(builtJars("java-client-" + JavaClientVersions.OLD));

  static {
    registerAsParallelCapable();
  }

  /// @param jars a directory with the jars of one client version and its libraries
  OldClientLoader(Path jars) {
    super("old-java-client", urls(jars), OldClientLoader.class.getClassLoader());
  }

  /// Child-first, unlike the usual delegation.
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      return findResource(name.replace('.', '/') + ".class") == null
          ? super.loadClass(name, resolve)
          : findClass(name);
    }
  }

  /// Child-first too: the client reads its version from a resource.
  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }

  private static Path builtJars(String directory) {
    try {
      return Path.of(testClasses().toURI()).resolveSibling(directory);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URL testClasses() {
    return OldClientLoader.class.getProtectionDomain().getCodeSource().getLocation();
  }

  private static URL[] urls(Path jars) {
    List<URL> urls = new ArrayList<>();
    try {
      urls.add(testClasses());
      try (DirectoryStream<Path> files = Files.newDirectoryStream(jars, "*.jar")) {
        for (Path jar : files) {
          // The client must log through the slf4j of the class path, which has a provider.
          if (!jar.getFileName().toString().startsWith("slf4j")) {
            urls.add(jar.toUri().toURL());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("mvn generate-test-resources copies the jars", e);
    }
    return urls.toArray(URL[]::new);
  }
}
