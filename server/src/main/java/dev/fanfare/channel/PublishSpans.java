package dev.fanfare.channel;

import dev.fanfare.app.App;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The port to what follows publishes as parts of their publishers' traces. Any thread; does not
/// block.
public interface PublishSpans {

  /// The header with the context of a trace (W3C Trace Context).
  String HEADER = "traceparent";

  /// One request to publish. It gives the address of the publisher, in the place of which it is
  /// passed to [Tracing]. Confined to the thread that publishes.
  interface Span extends Supplier<String> {

    /// Everything was handed to the lanes, or was refused. Called once.
    ///
    /// @param refusal null if there was none
    void end(@Nullable String refusal);
  }

  /// A request with this header is about to be carried out.
  ///
  /// @param traceparent as it was sent
  /// @param address of the publisher
  /// @return null if the header is not valid, the trace is not recorded, or too much is under way
  @Nullable Span begin(String traceparent, App app, Supplier<String> address);
}
