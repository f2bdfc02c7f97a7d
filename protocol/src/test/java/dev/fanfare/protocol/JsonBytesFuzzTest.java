package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/// Any UTF-8 is read as bytes as it is read as text, or is refused for the same reason.
final class JsonBytesFuzzTest {

  @FuzzTest
  void bytesAreReadAsTextIs(byte[] document) {
    if (Utf8.isValid(document) && !beginsWithZeros(document)) {
      List<String> fields = JsonBytesTest.ofBytes(document);
      assertThat(fields).isEqualTo(JsonBytesTest.ofText(JsonBytes.text(document)));
    }
  }

  /// Which is refused as another encoding.
  private static boolean beginsWithZeros(byte[] document) {
    return document.length > 1 && (document[0] == 0 || document[1] == 0);
  }
}
