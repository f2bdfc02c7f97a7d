package dev.fanfare.clients;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs every test of a class twice: with the current Java client, and with the old one that older
/// Flutter plugins contain. Its tests use only what both clients have.
///
/// Such a class has no fields and no set-up methods, since the second run uses a twin of the class
/// ([InOldClient]). A test may have a `String` parameter: the version of the client.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith({CrashGuard.class, JavaClientVersions.class})
@interface BothJavaClients {}
