package dev.fanfare.config.value;

import dev.fanfare.app.Suggestion;
import dev.fanfare.protocol.WebhookEvent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Types of webhook events: a list, or one text with commas.
public record EventTypes() implements Kind<Set<WebhookEvent.Type>> {

  @Override
  public String allowed() {
    return Arrays.stream(WebhookEvent.Type.values())
        .map(WebhookEvent.Type::wireName)
        .collect(Collectors.joining(", ", "some of ", ""));
  }

  @Override
  public @Nullable Set<WebhookEvent.Type> parse(String text) {
    EnumSet<WebhookEvent.Type> types = EnumSet.noneOf(WebhookEvent.Type.class);
    for (String part : parts(text)) {
      WebhookEvent.Type type = type(part);
      if (type == null) {
        return null;
      }
      types.add(type);
    }
    return types;
  }

  @Override
  public @Nullable Set<WebhookEvent.Type> read(String name, Written written, Problems problems) {
    List<Written> items =
        switch (written) {
          case Written.Items list -> list.items();
          case Written.Scalar scalar when !scalar.text().isEmpty() ->
              Arrays.stream(parts(scalar.text()))
                  .map(part -> (Written) new Written.Scalar(part, scalar.source()))
                  .toList();
          case Written.Scalar _, Written.Mapping _, Written.Nothing _ -> null;
        };
    if (items == null) {
      String text = name + " is " + written.described() + ", but must be " + allowed();
      problems.error(written.source(), text);
      return null;
    }
    EnumSet<WebhookEvent.Type> types = EnumSet.noneOf(WebhookEvent.Type.class);
    boolean isGood = true;
    for (Written item : items) {
      WebhookEvent.Type type = item instanceof Written.Scalar scalar ? type(scalar.text()) : null;
      if (type == null) {
        problems.error(item.source(), message(name, item));
        isGood = false;
      } else {
        types.add(type);
      }
    }
    return isGood ? types : null;
  }

  @Override
  public String show(Set<WebhookEvent.Type> value) {
    return value.stream()
        .map(WebhookEvent.Type::wireName)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String message(String name, Written item) {
    Suggestion names = new Suggestion();
    for (WebhookEvent.Type type : WebhookEvent.Type.values()) {
      names.add(type.wireName(), type.wireName());
    }
    String meant = item instanceof Written.Scalar scalar ? names.to(scalar.text()) : null;
    return name
        + " has "
        + item.described()
        + ", but must be "
        + allowed()
        + (meant == null ? "" : "; did you mean " + meant + "?");
  }

  private static String[] parts(String text) {
    return text.isBlank() ? new String[0] : text.strip().split("\\s*,\\s*", -1);
  }

  private static WebhookEvent.@Nullable Type type(String text) {
    for (WebhookEvent.Type type : WebhookEvent.Type.values()) {
      if (type.wireName().equals(text)) {
        return type;
      }
    }
    return null;
  }
}
