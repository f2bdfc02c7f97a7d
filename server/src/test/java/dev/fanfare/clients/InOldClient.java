package dev.fanfare.clients;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/// Runs each test method in a twin of its class: the same bytes, defined by an [OldClientLoader],
/// so that every reference to the client resolves to the other version.
record InOldClient(OldClientLoader loader) implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> context,
      ExtensionContext extensionContext)
      throws Throwable {
    invocation.skip();
    Method method = context.getExecutable();
    Class<?> twin = loader.loadClass(context.getTargetClass().getName());
    Method same = twin.getDeclaredMethod(method.getName(), method.getParameterTypes());
    same.setAccessible(true);
    try {
      same.invoke(instance(twin), context.getArguments().toArray());
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static Object instance(Class<?> twin) throws ReflectiveOperationException {
    Constructor<?> constructor = twin.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
