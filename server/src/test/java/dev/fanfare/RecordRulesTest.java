package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.fanfare.testing.RecordRules;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How records are made and what they are used for, as code; see docs/architecture.md.
final class RecordRulesTest {

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.fanfare");

  /// Strangers choose names, ids and addresses, many with one hash if they like. A map finds those
  /// by their order, but only if their class has one. Exempt are keys that the operator or the code
  /// chooses, in small numbers.
  @Test
  void recordsThatAreKeysAreComparable() {
    List<String> exempt =
        List.of(
            "dev.fanfare.config.foreign.Family",
            "dev.fanfare.metrics.HttpMeters$Outcome",
            "dev.fanfare.webhook.Deputy$Place",
            "dev.fanfare.webhook.Shadows$Receiver",
            "dev.fanfare.webhook.courier.CourierAddress",
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

  @Test
  void recordsWithManyComponentsAreBuiltByTheirBuilders() {
    RecordRules.requireBuilders(new ClassFileImporter().importPackages("dev.fanfare"));
  }
}
