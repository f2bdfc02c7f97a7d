package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How records are made and what they are used for, as code; see docs/architecture.md.
final class RecordRulesTest {

  private static final int MAX_COMPONENTS = 6;

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.fanfare");

  private static final JavaClasses CODE_AND_TESTS =
      new ClassFileImporter().importPackages("dev.fanfare");

  /// Strangers choose names, ids and addresses, many with one hash if they like. A map finds those
  /// by their order, but only if their class has one. Exempt are keys that the operator or the code
  /// chooses, in small numbers.
  @Test
  void recordsThatAreKeysAreComparable() {
    List<String> exempt =
        List.of(
            "dev.fanfare.config.foreign.Family",
            "dev.fanfare.metrics.HttpMeters$Outcome",
            "dev.fanfare.webhook.courier.Couriers$Address",
            "dev.fanfare.webhook.outbox.Outbox$Target");
    List<Class<?>> keys =
        CODE.stream()
            .flatMap(owner -> owner.getFields().stream())
            .map(field -> field.reflect().getGenericType())
            .flatMap(RecordRulesTest::recordKey)
            .toList();
    assertThat(keys).extracting(Class::getName).containsAll(exempt);
    assertThat(keys)
        .filteredOn(key -> !exempt.contains(key.getName()))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(key).isAssignableTo(Comparable.class));
  }

  private static Stream<Class<?>> recordKey(Type field) {
    return field instanceof ParameterizedType map
            && map.getRawType() instanceof Class<?> raw
            && (Map.class.isAssignableFrom(raw) || Set.class.isAssignableFrom(raw))
            && map.getActualTypeArguments()[0] instanceof Class<?> key
            && key.isRecord()
        ? Stream.of(key)
        : Stream.empty();
  }

  /// Neighbours in a long list of arguments are easily exchanged, in tests too. A builder names
  /// each component, but leaves an omitted one null or 0.
  @Test
  void recordsWithManyComponentsAreBuiltByTheirBuilders() {
    List<JavaClass> records =
        CODE_AND_TESTS.stream()
            .filter(JavaClass::isRecord)
            .filter(type -> type.reflect().getRecordComponents().length > MAX_COMPONENTS)
            .toList();
    assertThat(records).isNotEmpty();
    for (JavaClass type : records) {
      JavaClass builder = CODE_AND_TESTS.get(type.getName().replace("$", "") + "Builder");
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
