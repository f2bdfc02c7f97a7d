package dev.fanfare.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.testing.FuzzedRequest;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.TestNode;
import java.util.List;
import java.util.Set;

/// The whole HTTP API behind the signature: any request gets one of the documented responses, and a
/// success is a JSON object.
final class RouterFuzzTest {

  private static final App APP = TestNode.APP.withHistory(List.of(HistoryRule.DEFAULTS));
  private static final Set<Integer> STATUSES = Set.of(200, 202, 204, 400, 401, 404, 405, 413);

  private static final Set<Integer> STRANGER_STATUSES = Set.of(204, 401, 404, 405);
  private static final Set<Integer> OPEN_STATUSES = Set.of(200, 204, 405);

  @FuzzTest
  void anyRequestGetsADocumentedAnswer(byte[] bytes) throws MalformedJson {
    OfflineNode node = new OfflineNode(APP);
    FuzzedRequest request = FuzzedRequest.of(bytes);
    int stranger = answer(node, request, request.query()).status();
    boolean isOpen = node.router().isOpen(request.path());
    assertThat(stranger).isIn(isOpen ? OPEN_STATUSES : STRANGER_STATUSES);

    Response response = answer(node, request, request.signedQuery(APP, node.epochSeconds()));
    assertThat(response.status()).as(response.reason()).isIn(STATUSES);
    if (response.status() == 200 && !isOpen) {
      assertThat(response.contentType()).isEqualTo("application/json");
      Json.readObject(response.body(), (_, _) -> {});
    } else if (response.status() >= 400) {
      assertThat(response.reason()).isNotBlank();
    }
  }

  private static Response answer(OfflineNode node, FuzzedRequest request, String query) {
    return node.router()
        .route(
            new Request(
                request.method(),
                request.path(),
                query,
                request.body(),
                Request.Headers.NONE,
                () -> ""))
        .now();
  }
}
