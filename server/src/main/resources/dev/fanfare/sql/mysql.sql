-- Apps of Fanfare in MySQL 8 or MariaDB 10.6 or newer. May be executed again.
-- `options` is a JSON object with everything else that an entry of `apps:` may have.

CREATE TABLE IF NOT EXISTS fanfare_apps (
  id varchar(100) NOT NULL PRIMARY KEY,
  `key` varchar(100) NOT NULL UNIQUE,
  secret varchar(255) NOT NULL,
  previous_secret varchar(255),
  enabled boolean NOT NULL DEFAULT true,
  options json,
  version bigint NOT NULL DEFAULT 0,
  updated_at timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  KEY fanfare_apps_changed (version)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Numbers all changes: servers read the rows with numbers that they have not seen. Locked by a
-- change until it is committed, so that changes become visible in the order of their numbers.
CREATE TABLE IF NOT EXISTS fanfare_apps_version (
  one boolean NOT NULL PRIMARY KEY DEFAULT true,
  version bigint NOT NULL DEFAULT 0
);
INSERT IGNORE INTO fanfare_apps_version (one) VALUES (true);

DROP TRIGGER IF EXISTS fanfare_apps_count_insert;
DROP TRIGGER IF EXISTS fanfare_apps_insert;
DROP TRIGGER IF EXISTS fanfare_apps_count_update;
DROP TRIGGER IF EXISTS fanfare_apps_update;
DROP TRIGGER IF EXISTS fanfare_apps_count_delete;
CREATE TRIGGER fanfare_apps_count_insert BEFORE INSERT ON fanfare_apps
  FOR EACH ROW UPDATE fanfare_apps_version SET version = version + 1;
CREATE TRIGGER fanfare_apps_insert BEFORE INSERT ON fanfare_apps
  FOR EACH ROW SET NEW.version = (SELECT version FROM fanfare_apps_version);
CREATE TRIGGER fanfare_apps_count_update BEFORE UPDATE ON fanfare_apps
  FOR EACH ROW UPDATE fanfare_apps_version SET version = version + 1;
CREATE TRIGGER fanfare_apps_update BEFORE UPDATE ON fanfare_apps
  FOR EACH ROW SET NEW.version = (SELECT version FROM fanfare_apps_version);
CREATE TRIGGER fanfare_apps_count_delete AFTER DELETE ON fanfare_apps
  FOR EACH ROW UPDATE fanfare_apps_version SET version = version + 1;
