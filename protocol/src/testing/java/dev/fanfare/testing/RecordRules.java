package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;

/// Rules about records that hold in every module.
public final class RecordRules {

  private static final int MAX_COMPONENTS = 6;

  private RecordRules() {}

  /// Neighbours in a long list of arguments are easily exchanged, in tests too. A builder names
  /// each component, but leaves an omitted one null or 0.
  ///
  /// @param all classes of the code and of its tests
  public static void requireBuilders(JavaClasses all) {
    List<JavaClass> records =
        all.stream()
            .filter(JavaClass::isRecord)
            .filter(type -> type.reflect().getRecordComponents().length > MAX_COMPONENTS)
            .toList();
    assertThat(records).isNotEmpty();
    for (JavaClass type : records) {
      JavaClass builder = all.get(type.getName().replace("$", "") + "Builder");
      assertThat(canonical(type).getAccessesToSelf())
          .as("uses of the canonical constructor of " + type.getName())
          .isNotEmpty()
          .allMatch(use -> isWithin(builder, use) || isDelegation(type, use));
      for (JavaMethodCall start : builder.getMethod("builder").getCallsOfSelf()) {
        requireEveryComponent(type, builder, start.getOrigin());
      }
    }
  }

  private static void requireEveryComponent(JavaClass type, JavaClass builder, JavaCodeUnit place) {
    long started = calls(builder.getMethod("builder"), place);
    for (RecordComponent component : type.reflect().getRecordComponents()) {
      assertThat(calls(builder.getMethod(component.getName(), component.getType()), place))
          .as("%s in %s", component.getName(), place.getFullName())
          .isGreaterThanOrEqualTo(started);
    }
  }

  private static long calls(JavaMethod method, JavaCodeUnit place) {
    return method.getCallsOfSelf().stream().filter(call -> call.getOrigin().equals(place)).count();
  }

  private static JavaConstructor canonical(JavaClass type) {
    Class<?>[] types =
        Stream.of(type.reflect().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    return type.getConstructor(types);
  }

  private static boolean isWithin(JavaClass builder, JavaAccess<?> use) {
    String owner = use.getOriginOwner().getName();
    return owner.equals(builder.getName()) || owner.startsWith(builder.getName() + "$");
  }

  /// True within a shorter constructor of the same record.
  private static boolean isDelegation(JavaClass type, JavaAccess<?> use) {
    return use.getOriginOwner().equals(type) && use.getOrigin() instanceof JavaConstructor;
  }
}
