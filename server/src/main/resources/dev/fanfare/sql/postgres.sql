-- Apps of Fanfare in PostgreSQL 12 or newer. May be executed again.
-- `options` is a JSON object with everything else that an entry of `apps:` may have.

CREATE TABLE IF NOT EXISTS fanfare_apps (
  id varchar(100) PRIMARY KEY,
  key varchar(100) NOT NULL UNIQUE,
  secret varchar(255) NOT NULL,
  previous_secret varchar(255),
  enabled boolean NOT NULL DEFAULT true,
  options jsonb NOT NULL DEFAULT '{}',
  version bigint NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE OR REPLACE FUNCTION fanfare_apps_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION fanfare_apps_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('fanfare_apps', coalesce(NEW.id, OLD.id));
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS fanfare_apps_count ON fanfare_apps;
CREATE TRIGGER fanfare_apps_count BEFORE UPDATE ON fanfare_apps
  FOR EACH ROW EXECUTE FUNCTION fanfare_apps_count();

DROP TRIGGER IF EXISTS fanfare_apps_notify ON fanfare_apps;
CREATE TRIGGER fanfare_apps_notify AFTER INSERT OR UPDATE OR DELETE ON fanfare_apps
  FOR EACH ROW EXECUTE FUNCTION fanfare_apps_notify();
