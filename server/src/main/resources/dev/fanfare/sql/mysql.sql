-- Apps of Fanfare in MySQL 8 or MariaDB 10.6 or newer. May be executed again.
-- `options` is a JSON object with everything else that an entry of `apps:` may have.

CREATE TABLE IF NOT EXISTS fanfare_apps (
  id varchar(100) NOT NULL PRIMARY KEY,
  `key` varchar(100) NOT NULL UNIQUE,
  secret varchar(255) NOT NULL,
  previous_secret varchar(255),
  enabled boolean NOT NULL DEFAULT true,
  options json,
  version bigint NOT NULL DEFAULT 1,
  updated_at timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

DROP TRIGGER IF EXISTS fanfare_apps_count;
CREATE TRIGGER fanfare_apps_count BEFORE UPDATE ON fanfare_apps
  FOR EACH ROW SET NEW.version = OLD.version + 1;
