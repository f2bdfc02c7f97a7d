package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every type of error in a file, with its text.
final class YamlProblemsTest {

  @TempDir Path directory;

  private Given yaml(String text) {
    return new Given(directory).yaml(text);
  }

  @Test
  void allProblemsAreListedAtOnce() {
    assertThat(
            yaml("""
            server:
              port: 70000
              prot: 1
            apps:
              - id: "1"
                secret: ""
                limits: {max_event_byte: 3}
            """)
                .variable("FANFARE_LANES", "many")
                .problems())
        .containsExactly(
            "fanfare.yaml:2:9: server.port is \"70000\","
                + " but must be a whole number from 0 to 65535",
            "fanfare.yaml:3:3: server.prot is not known; did you mean server.port?",
            "fanfare.yaml:6:13: apps[0].secret is empty,"
                + " but must be a text without control characters, and without spaces around it",
            "fanfare.yaml:7:14: apps[0].limits.max_event_byte is not known;"
                + " did you mean apps[0].limits.max_event_bytes?",
            "environment: FANFARE_LANES is \"many\", but must be a whole number from 0 to 1024",
            "fanfare.yaml:5:5: apps[0].key is missing");
  }

  @Test
  void numbersAreWholeAndWithinBounds() {
    assertThat(yaml("server: {port: abc, lanes: 1.5, max_message_bytes: 99999999999}").problems())
        .containsExactly(
            "fanfare.yaml:1:16: server.port is \"abc\","
                + " but must be a whole number from 0 to 65535",
            "fanfare.yaml:1:28: server.lanes is \"1.5\","
                + " but must be a whole number from 0 to 1024",
            "fanfare.yaml:1:52: server.max_message_bytes is \"99999999999\","
                + " but must be a whole number from 1024 to 1073741824");
  }

  @Test
  void aSwitchIsTrueOrFalse() {
    assertThat(yaml(Given.APP + "    client_events: yes\n").problems())
        .containsExactly(
            "fanfare.yaml:5:20: apps[0].client_events is \"yes\", but must be true or false");
  }

  @Test
  void aChoiceListsItsValues() {
    assertThat(yaml("server:\n  transport: uring").problems())
        .containsExactly(
            "fanfare.yaml:2:14: server.transport is \"uring\","
                + " but must be one of auto, io_uring, epoll, kqueue, nio");
  }

  @Test
  void aListOrAMappingIsNotAValue() {
    assertThat(yaml("server: {port: [1], host: {a: b}, lanes: }").problems())
        .containsExactly(
            "fanfare.yaml:1:16: server.port is a list,"
                + " but must be a whole number from 0 to 65535",
            "fanfare.yaml:1:27: server.host is a mapping,"
                + " but must be an address or host name without a port",
            "fanfare.yaml:1:41: server.lanes is empty,"
                + " but must be a whole number from 0 to 1024");
  }

  @Test
  void sectionsAreMappingsAndAppsAreAList() {
    assertThat(yaml("server: 1\napps: {id: 1}").problems())
        .containsExactly(
            "fanfare.yaml:1:9: server is a text, but must be a mapping: lines of key: value",
            "fanfare.yaml:2:7: apps is a mapping, but must be a list with a dash before each app");
    assertThat(yaml("apps: [1]").problems())
        .contains(
            "fanfare.yaml:1:8: apps[0] is a text, but must be a mapping: lines of key: value");
    assertThat(yaml("- server").problems())
        .containsExactly(
            "fanfare.yaml:1:1: the file is a list, but must be a mapping: lines of key: value");
  }

  @Test
  void anUnknownKeyGetsASuggestion() {
    assertThat(yaml("sever: {}\nport: 1\ncolour: red").problems())
        .containsExactly(
            "fanfare.yaml:1:1: sever is not known; did you mean server?",
            "fanfare.yaml:2:1: port is not known; did you mean server.port?",
            "fanfare.yaml:3:1: colour is not known");
    assertThat(yaml(Given.APP + "    clientEvents: true\n    max_event_bytes: 5\n").problems())
        .containsExactly(
            "fanfare.yaml:5:5: apps[0].clientEvents is not known;"
                + " did you mean apps[0].client_events?",
            "fanfare.yaml:6:5: apps[0].max_event_bytes is not known;"
                + " did you mean apps[0].limits.max_event_bytes?");
  }

  @Test
  void duplicateKeysAreRefused() {
    assertThat(yaml("server:\n  port: 1\n  port: 2\nserver: {}").problems())
        .containsExactly(
            "fanfare.yaml:3:3: duplicate key port; first at fanfare.yaml:2:3",
            "fanfare.yaml:4:1: duplicate key server; first at fanfare.yaml:1:1");
  }

  @Test
  void aSecretIsSetInOneWayAndNeverRepeated() {
    Given given = new Given(directory);
    Path file = given.write("secret", "from file\n");
    assertThat(given.yaml(Given.APP + "    secret_file: " + file).problems())
        .containsExactly(
            "fanfare.yaml:5:18: apps[0].secret_file conflicts with apps[0].secret at"
                + " fanfare.yaml:4:13; keep one of them");
    assertThat(yaml(Given.APP.replace("xyz", "\" not-shown\"")).problems())
        .containsExactly(
            "fanfare.yaml:4:13: apps[0].secret is a text that is not shown here,"
                + " but must be a text without control characters, and without spaces around it");
  }

  @Test
  void aSecretFileContainsASecret() throws IOException {
    Given given = new Given(directory);
    String app = Given.APP.replace("secret: xyz", "secret_file:").strip() + " ";
    String must = ", but must be the path of a file that holds the secret and nothing else";
    assertThat(given.yaml(app + directory.resolve("none")).problems())
        .containsExactly(
            "fanfare.yaml:4:18: apps[0].secret_file is \"none\", which does not exist" + must);
    given.write("empty", " \n");
    assertThat(given.yaml(app + directory.resolve("empty")).problems())
        .containsExactly(
            "fanfare.yaml:4:18: apps[0].secret_file is \"empty\", which is empty" + must);
    given.write("lines", "one\ntwo");
    assertThat(given.yaml(app + directory.resolve("lines")).problems())
        .containsExactly(
            "fanfare.yaml:4:18: apps[0].secret_file is \"lines\", which holds more than one line"
                + must);
    Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff});
    assertThat(given.yaml(app + directory.resolve("binary")).problems())
        .containsExactly(
            "fanfare.yaml:4:18: apps[0].secret_file is \"binary\", which is not UTF-8 text" + must);
  }

  @Test
  void appsDifferInIdAndKey() {
    assertThat(
            yaml("""
            apps:
              - {id: 1, key: a, secret: x}
              - {id: 1, key: b, secret: x}
              - {id: 3, key: a, secret: x}
            """)
                .problems())
        .containsExactly(
            "fanfare.yaml:3:10: apps[1].id is \"1\", but so is apps[0].id (fanfare.yaml:2:10)",
            "fanfare.yaml:4:18: apps[2].key is \"a\", but so is apps[0].key (fanfare.yaml:2:18)");
  }

  @Test
  void anAppNeedsIdKeyAndSecret() {
    assertThat(yaml("apps:\n  - {}\n  -").problems())
        .containsExactly(
            "fanfare.yaml:2:5: apps[0].id is missing",
            "fanfare.yaml:2:5: apps[0].key is missing",
            "fanfare.yaml:2:5: apps[0].secret is missing",
            "fanfare.yaml:3:4: apps[1].id is missing",
            "fanfare.yaml:3:4: apps[1].key is missing",
            "fanfare.yaml:3:4: apps[1].secret is missing");
  }

  @Test
  void idAndKeyMustFitIntoUrls() {
    assertThat(yaml("apps: [{id: a/b, key: 'a:b', secret: x}]").problems())
        .containsExactly(
            "fanfare.yaml:1:13: apps[0].id is \"a/b\","
                + " but must be 1 to 100 letters, digits or characters of \"_.~-\"",
            "fanfare.yaml:1:23: apps[0].key is a text with spaces or one of \":;=@\" (value"
                + " hidden), but must be 1 to 100 letters, digits or characters of \"_.~-\"");
  }

  @Test
  void namesThatSomeSdksRefuseAreAWarning() {
    assertThat(yaml("apps: [{id: main, key: Abc, secret: x}]").warnings())
        .containsExactly(
            "fanfare.yaml:1:13: apps[0].id is \"main\";"
                + " the server SDKs for Python and Node accept digits only",
            "fanfare.yaml:1:24: apps[0].key is \"Abc\";"
                + " the Swift client lower-cases the key when it signs itself");
  }

  @Test
  void invalidYamlIsReportedWithItsPosition() {
    assertThat(yaml("server:\n\tport: 1").problems())
        .containsExactly(
            "fanfare.yaml:2:1: not valid YAML: while scanning for the next token: found character"
                + " '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)");
    assertThat(yaml("server: {port: 1\napps: []").problems())
        .containsExactly(
            "fanfare.yaml:2:5: not valid YAML: while parsing a flow mapping:"
                + " expected ',' or '}', but got :");
    assertThat(yaml("a\n---\nb").problems())
        .containsExactly(
            "fanfare.yaml:2:1: not valid YAML: expected a single document in the stream:"
                + " but found another document");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    assertThat(new Given(directory).file(directory.resolve("none.yaml")).problems())
        .containsExactly("none.yaml: there is no such file");
    Path folder = Files.createDirectory(directory.resolve("folder"));
    assertThat(new Given(directory).file(folder).problems())
        .containsExactly("folder: the file cannot be read: it is a directory");
    Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff});
    assertThat(new Given(directory).file(binary).problems())
        .containsExactly("binary.yaml: the file is not UTF-8 text");
  }

  @Test
  void hostileNestingIsRefused() {
    assertThat(yaml("[".repeat(100_000)).problems())
        .containsExactly("fanfare.yaml:1:21: nested more than 20 levels deep");
    assertThat(yaml("server: &a [*a]").problems())
        .contains("fanfare.yaml:1:9: an alias (*) within what it stands for");
  }
}
