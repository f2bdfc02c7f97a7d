package dev.fanfare.doctor.report;

import dev.fanfare.doctor.wire.Site;

/// The configuration of a proxy in front of a Fanfare server, ready to paste.
///
/// A path prefix is removed: the server accepts paths with and without its `path_prefix`, so this
/// works whether or not it is set.
///
/// @param site as clients see it
/// @param upstream `host:port` of the server, as the proxy sees it
/// @param activitySeconds the server's `activity_timeout`
public record ProxyBlock(Site site, String upstream, int activitySeconds) {

  /// Added to the longest idle time of clients and server: sweeps, slow networks, a late pong.
  private static final int MARGIN_SECONDS = 30;

  /// `max_request_bytes`, by default.
  private static final int MAX_BODY_BYTES = 1_048_576;

  /// The idle timeout that a proxy needs, seconds.
  public static int idleSeconds(int activitySeconds) {
    return activitySeconds + MARGIN_SECONDS;
  }

  /// The text to paste.
  public String text(ProxyKind kind) {
    return switch (kind) {
      case NGINX -> nginx();
      case CADDY -> caddy();
      case APACHE -> apache();
      case TRAEFIK -> traefik();
    };
  }

  private String nginxTls() {
    return site.tls()
        ? """
            ssl_certificate     /etc/letsencrypt/live/%1$s/fullchain.pem;
            ssl_certificate_key /etc/letsencrypt/live/%1$s/privkey.pem;
            ssl_protocols       TLSv1.2 TLSv1.3;
        """
            .formatted(site.host())
        : "";
  }

  private String nginx() {
    return """
    # nginx, inside http { }: for instance a file in /etc/nginx/conf.d
    map $http_upgrade $fanfare_connection {
        default upgrade;
        ''      close;
    }
    server {
        listen %1$d%2$s;
        # listen [::]:%1$d%2$s;  # if the name has an IPv6 address, too
        server_name %3$s;
    %4$s    client_max_body_size %5$d;

        location %6$s/ {
            proxy_pass http://%7$s%8$s;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $fanfare_connection;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_read_timeout %9$ds;  # above activity_timeout_seconds
            proxy_send_timeout %9$ds;
            proxy_buffering off;
        }
    }
    """
        .formatted(
            site.port(),
            site.tls() ? " ssl" : "",
            site.urlHost(),
            nginxTls(),
            MAX_BODY_BYTES,
            site.prefix(),
            upstream,
            site.prefix().isEmpty() ? "" : "/",
            idleSeconds(activitySeconds));
  }

  private String caddy() {
    // handle_path removes the prefix, handle does not.
    String handle = site.prefix().isEmpty() ? "handle" : "handle_path " + site.prefix() + "/*";
    return """
    # Caddy: the Caddyfile. WebSockets and forwarded addresses need no configuration; idle connections
    # are not closed.
    %s://%s:%d {
        request_body {
            max_size %d
        }
        %s {
            reverse_proxy %s {
                flush_interval -1
            }
        }
    }
    """
        .formatted(
            site.tls() ? "https" : "http",
            site.urlHost(),
            site.port(),
            MAX_BODY_BYTES,
            handle,
            upstream);
  }

  private String apache() {
    String tls =
        """
            SSLEngine on
            SSLCertificateFile    /etc/letsencrypt/live/%1$s/fullchain.pem
            SSLCertificateKeyFile /etc/letsencrypt/live/%1$s/privkey.pem
        """
            .formatted(site.host());
    return """
    # Apache 2.4.47 or newer: a2enmod proxy proxy_http headers%s
    # Omit Listen if ports.conf or another site has one for this port.
    Listen %d
    <VirtualHost *:%2$d>
        ServerName %s
    %s    LimitRequestBody %d
        ProxyPreserveHost On
        RequestHeader set X-Forwarded-Proto "%s"
        ProxyPass "%s/" "http://%s/" upgrade=websocket nocanon flushpackets=on timeout=%d
    </VirtualHost>
    """
        .formatted(
            site.tls() ? " ssl" : "",
            site.port(),
            site.urlHost(),
            site.tls() ? tls : "",
            MAX_BODY_BYTES,
            site.tls() ? "https" : "http",
            site.prefix(),
            upstream,
            idleSeconds(activitySeconds));
  }

  private String traefik() {
    boolean cuts = !site.prefix().isEmpty();
    String rule =
        "Host(`" + site.host() + "`)" + (cuts ? " && PathPrefix(`" + site.prefix() + "`)" : "");
    String middlewares =
        """
          middlewares:
            fanfare-prefix:
              stripPrefix:
                prefixes: ["%s"]
        """
            .formatted(site.prefix());
    return """
    # Traefik: a file of the file provider. WebSockets and forwarded addresses need no configuration.
    # The static configuration has the entry point: entryPoints.fanfare.address: ":%d"
    http:
      routers:
        fanfare:
          rule: "%s"
          entryPoints: [fanfare]
          service: fanfare
    %s%s%s  services:
        fanfare:
          loadBalancer:
            passHostHeader: true
            responseForwarding:
              flushInterval: 1ms
            servers:
              - url: "http://%s"
    """
        .formatted(
            site.port(),
            rule,
            cuts ? "      middlewares: [fanfare-prefix]\n" : "",
            site.tls() ? "      tls: {}\n" : "",
            cuts ? middlewares : "",
            upstream);
  }
}
