package dev.fanfare.sql;

import dev.fanfare.testing.SqlProcess;
import java.util.List;

/// The table that soketi's tests create, in a real database.
record SoketiTable(SqlProcess database) {

  private boolean isMysql() {
    return database.kind().equals("mysql");
  }

  private String key() {
    return isMysql() ? "`key`" : "\"key\"";
  }

  /// An empty table; one that is there is dropped.
  void create() {
    String flag = isMysql() ? "tinyint(1)" : "smallint";
    String small = isMysql() ? "tinyint(1)" : "integer";
    String whole = isMysql() ? "int(10)" : "integer";
    List<String> optional =
        List.of(
            "max_presence_members_per_channel",
            "max_presence_member_size_in_kb",
            "max_channel_name_length",
            "max_event_channels_at_once",
            "max_event_name_length",
            "max_event_payload_in_kb",
            "max_event_batch_size");
    StringBuilder columns = new StringBuilder();
    optional.forEach(name -> columns.append(name).append(' ').append(small).append(" NULL, "));
    database.execute(
        "DROP TABLE IF EXISTS apps",
        "CREATE TABLE apps (id varchar(255) PRIMARY KEY, "
            + key()
            + " varchar(255) NOT NULL, secret varchar(255) NOT NULL, max_connections "
            + whole
            + " NOT NULL, enabled "
            + flag
            + " NOT NULL, enable_client_messages "
            + flag
            + " NOT NULL, max_backend_events_per_sec "
            + whole
            + " NOT NULL, max_client_events_per_sec "
            + whole
            + " NOT NULL, max_read_req_per_sec "
            + whole
            + " NOT NULL, webhooks json NULL, "
            + columns
            + "enable_user_authentication "
            + flag
            + " NOT NULL)");
  }

  void insert(String id, String key, String secret) {
    database.execute(
        "INSERT INTO apps (id,"
            + key()
            + ",secret,max_connections,enabled,enable_client_messages,max_backend_events_per_sec,"
            + "max_client_events_per_sec,max_read_req_per_sec,webhooks,enable_user_authentication"
            + ") VALUES ('"
            + id
            + "','"
            + key
            + "','"
            + secret
            + "',-1,1,1,-1,-1,-1,NULL,0)");
  }

  void set(String id, String assignment) {
    database.execute("UPDATE apps SET " + assignment + " WHERE id = '" + id + "'");
  }

  void delete(String id) {
    database.execute("DELETE FROM apps WHERE id = '" + id + "'");
  }
}
