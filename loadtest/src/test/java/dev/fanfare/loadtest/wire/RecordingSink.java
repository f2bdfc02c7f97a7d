package dev.fanfare.loadtest.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Records what a scanner finds, one line each.
final class RecordingSink implements FrameSink {

  final List<String> lines = new ArrayList<>();

  @Override
  public void onStamp(int publisher, int channel, int sequence, int event) {
    lines.add("stamp %d %d %d %d".formatted(publisher, channel, sequence, event));
  }

  @Override
  public void onText(String text) {
    lines.add("text " + text);
  }

  @Override
  public void onPing(byte[] payload) {
    lines.add("ping " + new String(payload, StandardCharsets.UTF_8));
  }

  @Override
  public void onCloseFrame(int code, String reason) {
    lines.add("close " + code + " " + reason);
  }

  @Override
  public void onViolation(String why) {
    lines.add("violation " + why);
  }
}
