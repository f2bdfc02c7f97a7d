package dev.fanfare.config;

import dev.fanfare.config.layer.Environment;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import java.util.List;
import java.util.function.Function;

/// Generates `docs/configuration.md` from the tables of options, so that it cannot be out of date.
public final class Reference {

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Made by `fanfare config reference`; a test compares. Edit the tables in
           server/src/main/java/dev/fanfare/config, then generate this file again. -->

      Fanfare starts without any configuration: it then creates a temporary app with random
      credentials and prints them. There are no built-in credentials.

      Everything else is set in a YAML file, in environment variables or on the command line.
      **A flag overrides a variable, a variable overrides the file, the file overrides the default.**
      Variables of soketi, Reverb and Pusher are read too, and soketi's JSON file; they rank between the
      file and our own variables: [migration.md](migration.md).

      Anything unknown, invalid or contradictory stops the start (exit code 2) with a list of every
      problem: file, line and column, or the variable; what was found; what is allowed.

          fanfare config check fanfare.yaml            # the same list, without starting
          fanfare config print --config fanfare.yaml   # every value and its source

      ## The file

      `fanfare start --config FILE`, or `FANFARE_CONFIG=FILE`. No file is read unless you name it.

      ```yaml
      server:
        port: 6001
      apps:
        - id: "1"
          key: my-key
          secret_file: /run/secrets/fanfare
          client_events: true
          allowed_origins: [example.com, "*.example.org", "https://a.example.net:8443"]
          limits:
            max_event_bytes: 20480
          webhooks:
            - url: https://example.com/pusher/webhooks
              events: [channel_occupied, channel_vacated]
              channels: {prefix: private-}
              headers: {Authorization: Bearer 7d2f60c1b9}
        - id: "2"
          key: another-key
          secret_file: /run/secrets/fanfare-another
      webhooks:
        hold_back_seconds: 5
      ```

      ## The environment

      | What | Variables |
      |---|---|
      | the server | `FANFARE_PORT=6001`, one variable for each option |
      | webhooks | `FANFARE_WEBHOOKS_DATA_DIR=/var/lib/fanfare`, one variable for each option |
      | the cluster | `FANFARE_CLUSTER_BUS=redis`, one variable for each option |
      | the database | `FANFARE_APPS_FROM=postgres`, `FANFARE_DATABASE_HOST=db.internal`, one variable for each option |
      | one app | `FANFARE_APP_ID`, `FANFARE_APP_KEY`, `FANFARE_APP_SECRET`, and any other option: `FANFARE_APP_CLIENT_EVENTS=true` |
      | several apps, short | `FANFARE_APPS='key:secret@id;key2:secret2@id2'` |
      | webhook endpoints | `FANFARE_APP_WEBHOOKS_0_URL`, …, `FANFARE_APPS_0_WEBHOOKS_1_URL`, … |
      | rules for history | `FANFARE_APP_HISTORY_0_REPLAY`, …, `FANFARE_APPS_0_HISTORY_1_REPLAY`, … |
      | several apps, with options | `FANFARE_APPS_0_ID`, `FANFARE_APPS_0_KEY`, …, `FANFARE_APPS_1_ID`, … |

      `FANFARE_APPS_0_…` is also the first app of `FANFARE_APPS`, so
      `FANFARE_APPS_0_CLIENT_EVENTS=true` adds an option to it.

      **Apps of the file and of the environment are merged by id.** An app of the environment with the
      id of an app of the file overrides that app setting by setting: `FANFARE_APP_ID=1` with
      `FANFARE_APP_SECRET_FILE=/run/secrets/one` gives app 1 of the file its secret. Any other id adds
      an app. No two apps may share a key. The webhook endpoints of an app are merged by URL in the same
      way.

      An app's id, key and secret are never filled in for you: a value in quotation marks, a reference
      such as `${SECRET}` and a placeholder such as `change-me` stop the start.

      A variable that begins with `FANFARE_` but is not listed here stops the start, unless Kubernetes
      created it for a service called `fanfare`, such as `FANFARE_SERVICE_HOST` or
      `FANFARE_PORT=tcp://…`.
      """;

  private static final String SERVER =
      """

      ## Options of the server

      Keys go below `server:`. All but secrets are flags too: `--tls-port 443` is `tls_port: 443`.

      """;

  private static final String WEBHOOKS =
      """

      ## Options of webhooks

      Keys go below `webhooks:`, next to `server:`, and apply to all apps. They are flags too, such as
      `--webhooks-data-dir`. Background: [webhooks.md](webhooks.md).

      """;

  private static final String CLUSTER =
      """

      ## Options of a cluster

      Keys go below `cluster:`, next to `server:`. They join several nodes to one service; all nodes
      need the same apps. All but secrets and URLs are flags too, such as `--cluster-bus`.

      """;

  private static final String DATABASE =
      """

      ## Apps in a database

      The key `apps_from` goes next to `server:`, the others go below `database:`. There must be no
      `apps:` then. All but the password are flags too: `--apps-from`, `--database-host`. Background:
      [apps-in-a-database.md](apps-in-a-database.md).

      """;

  private static final String APP =
      """

      ## Options of an app

      Keys go in an entry of `apps:`. The variables are for a single app; for several, replace
      `FANFARE_APP_` with `FANFARE_APPS_0_`. `id`, `key` and a secret are required.

      """;

  private static final String LIMITS =
      """

      ## Limits of an app

      Keys go below `limits:` of an app. The defaults are those of the hosted service, which counts
      messages per day and documents no limit of requests per second.

      Rates allow a burst of one second's worth, then refill continuously.

      """;

  private static final String ROOM =
      """

      JSON escapes may double the size of an event. So twice `max_event_bytes` plus 4096 bytes must fit
      into `max_request_bytes`, into `max_pending_bytes` and, if the app has client events, into
      `max_message_bytes`.
      """;

  private static final String ABOVE =
      """

      ## What happens above a limit

      A request above a limit is refused with the limit, the actual value and the setting; other
      clients are not affected. Rates allow a burst of one second's worth, then refill continuously.
      An event counts once for each of its channels, and a batch is published completely or not at
      all. Limits hold per server. Counts are read from live state, so they cannot drift.

      """;

  private static final String ENDPOINT =
      """

      ## Webhooks of an app

      Keys go in an entry of `webhooks:` of an app; the last six go below `channels:` and below
      `exclude:`, as their variables show. An event is sent to each endpoint that selects its type and
      its channel. The types of events, and what a receiver has to do: [webhooks.md](webhooks.md).

      """;

  private static final String HISTORY =
      """

      ## History of an app

      Keys go in an entry of `history:` of an app; the last three go below `channels:`. The first rule
      that covers a channel applies; without one, nothing is kept. The rules of the environment replace
      those of the file. Background: [history.md](history.md).

      """;

  private Reference() {}

  /// The whole page, in Markdown.
  public static String markdown() {
    return INTRODUCTION
        + SERVER
        + table(Environment.PREFIX, ServerSchema.ALL)
        + WEBHOOKS
        + table(Environment.WEBHOOKS, WebhooksSchema.ALL)
        + CLUSTER
        + table(Environment.CLUSTER, ClusterSchema.ALL)
        + DATABASE
        + table(DatabaseSchema.ALL, Environment::ofDatabase)
        + APP
        + table(Environment.APP, AppSchema.OWN)
        + LIMITS
        + table(Environment.APP, LimitsSchema.ALL)
        + ROOM
        + ABOVE
        + LimitsTable.markdown()
        + ENDPOINT
        + table(Environment.APP_WEBHOOKS, EndpointSchema.ALL)
        + HISTORY
        + table(Environment.APP_HISTORY, HistorySchema.ALL);
  }

  private static String table(String prefix, List<Option<?>> options) {
    return table(options, option -> prefix + option.variable());
  }

  private static String table(List<Option<?>> options, Function<Option<?>, String> variable) {
    StringBuilder out = new StringBuilder();
    out.append("| Key | Variable | Allowed | Default | Meaning |\n|---|---|---|---|---|\n");
    for (Option<?> option : options) {
      out.append("| `").append(option.key().substring(option.key().lastIndexOf('.') + 1));
      out.append("` | `").append(variable.apply(option));
      out.append("` | ").append(option.kind().allowed().replace("|", "\\|"));
      out.append(" | ").append(fallback(option));
      out.append(" | ").append(option.doc()).append(" |\n");
    }
    return out.toString();
  }

  private static <T> String fallback(Option<T> option) {
    return option.fallback() == null ? "" : '`' + option.kind().show(option.fallback()) + '`';
  }
}
