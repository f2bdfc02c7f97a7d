package dev.fanfare.clients;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs every test of a class with the current Java client and with each version named by
/// `-Dfanfare.test.java-clients`. Its tests may use global listeners, which 2.2.5 does not have.
///
/// Like classes with [BothJavaClients], such a class has no fields and no set-up methods.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith({CrashGuard.class, JavaClientVersions.class})
@interface GlobalListenerClients {}
