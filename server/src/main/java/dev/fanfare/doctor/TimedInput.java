package dev.fanfare.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/// A socket's input whose every read ends with a deadline, so that no dribble outlasts it.
final class TimedInput extends InputStream {

  private final Socket socket;
  private final InputStream in;
  private Deadline deadline;

  TimedInput(Socket socket, Deadline deadline) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.deadline = deadline;
  }

  /// From now on reads end with this one.
  void deadline(Deadline next) {
    deadline = next;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    socket.setSoTimeout(deadline.leftMs());
    return in.read(bytes, offset, length);
  }
}
