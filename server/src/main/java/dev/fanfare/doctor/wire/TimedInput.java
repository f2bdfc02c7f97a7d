package dev.fanfare.doctor.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/// A socket's input with a deadline for every read, so that a trickle of bytes cannot outlast it.
public final class TimedInput extends InputStream {

  private final Socket socket;
  private final InputStream in;
  private Deadline deadline;

  public TimedInput(Socket socket, Deadline deadline) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.deadline = deadline;
  }

  /// Sets the deadline of later reads.
  void setDeadline(Deadline next) {
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
