package dev.fanfare.clients;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// The two runs of a class that has [BothJavaClients].
final class JavaClientVersions implements ClassTemplateInvocationContextProvider {

  /// On the class path.
  static final String CURRENT = "2.4.4";

  /// In [OldClientLoader].
  static final String OLD = "2.2.5";

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.of(
        new Run(CURRENT, List.of(new VersionParameter(CURRENT))),
        new Run(OLD, List.of(new VersionParameter(OLD), new InOldClient())));
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
