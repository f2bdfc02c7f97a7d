package dev.fanfare.clients;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// The runs of a class annotated with [BothJavaClients] or [GlobalListenerClients].
final class JavaClientVersions implements ClassTemplateInvocationContextProvider {

  /// The version on the class path.
  static final String CURRENT = "2.4.4";

  /// The version that [OldClientLoader#SHARED] loads.
  static final String OLD = "2.2.5";

  /// Directories with the jars of additional versions, separated by the path separator; the name of
  /// each ends with `java-client-VERSION`. Versions that no registry has can be tested this way.
  private static final String MORE = System.getProperty("fanfare.test.java-clients", "");

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    Run current = new Run(CURRENT, List.of(new VersionParameter(CURRENT)));
    boolean withOld = context.getRequiredTestClass().isAnnotationPresent(BothJavaClients.class);
    Stream<Run> old = withOld ? Stream.of(run(OLD, OldClientLoader.SHARED)) : Stream.empty();
    Stream<Run> more =
        Stream.of(MORE.split(File.pathSeparator, -1))
            .filter(directory -> !directory.isEmpty())
            .map(JavaClientVersions::run);
    return Stream.of(Stream.of(current), old, more).flatMap(runs -> runs);
  }

  private static Run run(String directory) {
    String version = directory.substring(directory.lastIndexOf("client-") + "client-".length());
    return run(version, new OldClientLoader(Path.of(directory)));
  }

  private static Run run(String version, OldClientLoader loader) {
    return new Run(version, List.of(new VersionParameter(version), new InOldClient(loader)));
  }

  private record Run(String version, List<Extension> extensions)
      implements ClassTemplateInvocationContext {

    @Override
    public String getDisplayName(int index) {
      return "pusher-java-client " + version;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return extensions;
    }
  }

  private record VersionParameter(String version) implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == String.class;
    }

    @Override
    public String resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return version;
    }
  }
}
