package dev.fanfare.doctor.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One request on a separate connection.
///
/// @param target path and query as sent
/// @param headers `Name: value`, besides `Host`, `Content-Length` and `Connection`
public record HttpCall(String method, String target, List<String> headers, String body) {

  public static HttpCall get(String target) {
    return new HttpCall("GET", target, List.of(), "");
  }

  /// Sends it and reads the response. Does not follow redirects.
  public HttpAnswer send(Dialer dialer, Deadline deadline) throws IOException {
    try (Socket socket = dialer.open(deadline)) {
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      StringBuilder head = new StringBuilder();
      head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
      head.append("Host: ").append(dialer.name()).append("\r\n");
      head.append("User-Agent: fanfare-doctor\r\nAccept: */*\r\nConnection: close\r\n");
      headers.forEach(line -> head.append(line).append("\r\n"));
      if (!method.equals("GET")) {
        head.append("Content-Length: ").append(content.length).append("\r\n");
      }
      head.append("\r\n");
      InputStream in = new BufferedInputStream(new TimedInput(socket, deadline));
      send(socket, head.toString().getBytes(StandardCharsets.UTF_8), content);
      return HttpAnswer.readHead(in).readBody(in);
    }
  }

  /// A server that rejects a long body may respond and close before all of it is sent.
  private static void send(Socket socket, byte[] head, byte[] content) throws IOException {
    socket.getOutputStream().write(head);
    try {
      socket.getOutputStream().write(content);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      if (content.length == 0) {
        throw e;
      }
    }
  }
}
