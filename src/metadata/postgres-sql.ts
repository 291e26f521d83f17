// The SQL of the metadata port. Names are qualified, so that the search path of the session does not matter.
import type { Statement } from './postgres-exchange.ts';

/** A number of the layout; every change of it is a migration (postgres-schema.ts). */
export const SCHEMA_VERSION = 1;

/** SQLSTATE of a transaction with several limits that passed one of them; the detail is the counter's key. */
export const SEVERAL_LIMITS = 'VS001';

export type Sql = {
  /** $1 bytea[] → a row per key, in order: its value or NULL */
  readonly get: Statement;
  /** $1 start, $2 end, $3 limit → key, value */
  readonly range: Statement;
  readonly rangeReverse: Statement;
  /** reads nothing: fixes the moment of a snapshot */
  readonly hold: Statement;
  /** → transaction, 'conflict' or 'limit', key: of the transactions that were not applied */
  readonly commit: Statement;
};

export function sqlFor(schema: string): Sql {
  const s = quoteName(schema);
  const value = `coalesce(e.value, ${s}.counter_text_v1(e.key))`;
  const entries = (order: 'ASC' | 'DESC'): string =>
    `SELECT e.key, ${value} FROM ${s}.entries e WHERE e.key >= $1::bytea AND e.key < $2::bytea ORDER BY e.key ${order} LIMIT $3::int`;
  const getText = `SELECT (SELECT ${value} FROM ${s}.entries e WHERE e.key = k) FROM unnest($1::bytea[]) k`;
  const commitText = `SELECT transaction, refusal, key FROM ${s}.commit_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`;
  return {
    get: { name: 'get', text: getText },
    range: { name: 'range', text: entries('ASC') },
    rangeReverse: { name: 'range_reverse', text: entries('DESC') },
    hold: { name: 'hold', text: 'SELECT 1' },
    commit: { name: 'commit', text: commitText },
  };
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * One ordered table. A row whose value is NULL is a counter; its value is the sum of its rows in `counters`, one per
 * writing connection, so that writers do not meet. A row of up to 4 KiB stands whole in its page, two to a page; the
 * bytes of a larger value stand apart: a row of 4.1 KiB would have a page of 8 KiB to itself.
 */
export const tablesSql = (s: string): string => `
CREATE TABLE ${s}.entries (key bytea NOT NULL, value bytea)
  WITH (fillfactor = 90, toast_tuple_target = 4080, autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE ${s}.entries ALTER COLUMN key SET STORAGE PLAIN;
ALTER TABLE ${s}.entries ALTER COLUMN value SET STORAGE EXTERNAL;
ALTER TABLE ${s}.entries ADD CONSTRAINT entries_pkey PRIMARY KEY (key);

CREATE TABLE ${s}.counters (
  key bytea NOT NULL,
  -- the writing connection; -1: the head of the counter
  shard int NOT NULL,
  value numeric NOT NULL,
  -- how far this shard may grow without asking the others
  room numeric NOT NULL,
  -- the limit under which it has that room; NULL: the counter has no limit; NaN: it must ask first
  bound numeric,
  PRIMARY KEY (key, shard)
) WITH (fillfactor = 25, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE ${s}.counters ALTER COLUMN key SET STORAGE PLAIN;
`;

/** Versioned names: while gateways are upgraded one by one, old and new ones call their own. */
export const functionsSql = (s: string): string => `
CREATE OR REPLACE FUNCTION ${s}.counter_text_v1(counter bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(coalesce(sum(c.value), 0)::text, 'SQL_ASCII') FROM ${s}.counters c WHERE c.key = counter
$$;

CREATE OR REPLACE FUNCTION ${s}.digest_v1(key bytea, value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT int4send(octet_length(key)) || key || int4send(octet_length(value)) || value
$$;

-- Adds to one counter. A counter with a limit gives each shard some room of what is left: an add within the room of its
-- shard reads nothing of the others. Values and rooms together never pass the limit, so neither does the sum. The upsert
-- finds its row without a predicate lock, so adders of different shards never meet.
CREATE OR REPLACE FUNCTION ${s}.counter_add_v1(counter bytea, delta numeric, most numeric, own int) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  found_bound numeric;
  head_bound numeric;
  before text;
  total numeric;
  reserved numeric;
  share numeric := 0;
BEGIN
  IF most IS NULL OR delta > 0 THEN
    INSERT INTO ${s}.counters AS c (key, shard, value, room, bound) VALUES (counter, own, 0, 0, 'NaN')
      ON CONFLICT (key, shard) DO UPDATE SET value = c.value + delta, room = c.room - greatest(delta, 0) * (c.bound IS NOT NULL)::int
        WHERE c.bound IS NULL AND most IS NULL OR c.bound <> 'NaN' AND delta <= 0
          OR c.bound = most AND c.room >= delta
      RETURNING coalesce(c.bound, 0) INTO found_bound;
    IF found_bound <> 'NaN' THEN RETURN true; END IF;
  END IF;

  SELECT c.bound INTO head_bound FROM ${s}.counters c WHERE c.key = counter AND c.shard = -1;
  IF NOT FOUND THEN
    SELECT encode(e.value, 'escape') INTO before FROM ${s}.entries e WHERE e.key = counter;
    IF before !~ '^-?[0-9]+$' THEN
      RAISE EXCEPTION 'the value is not a counter' USING ERRCODE = 'invalid_text_representation';
    END IF;
    INSERT INTO ${s}.entries AS e (key, value) VALUES (counter, NULL) ON CONFLICT (key) DO UPDATE SET value = NULL;
    INSERT INTO ${s}.counters (key, shard, value, room, bound) VALUES (counter, -1, coalesce(before::numeric, 0), 0, NULL);
  END IF;
  -- Another limit than so far, or none: what was set aside under the old one is void.
  IF delta > 0 AND most IS DISTINCT FROM head_bound THEN
    UPDATE ${s}.counters c SET room = 0, bound = most WHERE c.key = counter;
    head_bound := most;
  END IF;
  IF most IS NOT NULL THEN
    SELECT sum(c.value), sum(c.room) INTO total, reserved FROM ${s}.counters c WHERE c.key = counter;
    IF total + reserved + delta > most AND reserved > 0 THEN
      UPDATE ${s}.counters c SET room = 0 WHERE c.key = counter AND c.room <> 0;
      reserved := 0;
    END IF;
    IF total + reserved + delta > most THEN RETURN false; END IF;
    IF delta > 0 THEN share := trunc((most - total - reserved - delta) / 32); END IF;
  END IF;
  INSERT INTO ${s}.counters AS c (key, shard, value, room, bound) VALUES (counter, own, delta, share, head_bound)
    ON CONFLICT (key, shard) DO UPDATE
      SET value = c.value + excluded.value, room = c.room + excluded.room, bound = excluded.bound;
  RETURN true;
END
$$;

-- Several transactions that do not depend on each other, numbered by the caller: what each read is compared with what is
-- there now, absent keys and ranges included; who read something else is answered as a conflict, the others are applied.
-- Must run SERIALIZABLE: that is what keeps the comparison true until the commit.
CREATE OR REPLACE FUNCTION ${s}.commit_v1(
  get_transaction int[], get_key bytea[], get_digest bytea[],
  range_transaction int[], range_start bytea[], range_end bytea[], range_limit int[], range_reverse boolean[], range_digest bytea[],
  new_transaction int[], new_key bytea[], new_value bytea[],
  put_transaction int[], put_key bytea[], put_value bytea[],
  add_transaction int[], add_key bytea[], add_delta numeric[], add_most numeric[],
  shard int
) RETURNS TABLE (transaction int, refusal text, key bytea)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  refused int[] := '{}';
  removed bytea[];
  made bytea[];
  written int;
  a record;
  b record;
BEGIN
  IF current_setting('transaction_isolation') <> 'serializable' THEN
    RAISE EXCEPTION 'a commit must be SERIALIZABLE';
  END IF;
  FOR transaction, key IN
    SELECT g.transaction, g.key FROM unnest(get_transaction, get_key, get_digest) AS g(transaction, key, digest)
      WHERE g.digest IS DISTINCT FROM
        (SELECT sha256(coalesce(e.value, ${s}.counter_text_v1(e.key))) FROM ${s}.entries e WHERE e.key = g.key)
    UNION ALL
    SELECT r.transaction, r.start
      FROM unnest(range_transaction, range_start, range_end, range_limit, range_reverse, range_digest)
        AS r(transaction, start, until, most, reverse, digest)
      WHERE r.digest IS DISTINCT FROM CASE WHEN r.reverse THEN
        (SELECT sha256(coalesce(string_agg(${s}.digest_v1(x.key, x.value), ''), '')) FROM
          (SELECT e.key, coalesce(e.value, ${s}.counter_text_v1(e.key)) AS value FROM ${s}.entries e
            WHERE e.key >= r.start AND e.key < r.until ORDER BY e.key DESC LIMIT r.most) x)
      ELSE
        (SELECT sha256(coalesce(string_agg(${s}.digest_v1(x.key, x.value), ''), '')) FROM
          (SELECT e.key, coalesce(e.value, ${s}.counter_text_v1(e.key)) AS value FROM ${s}.entries e
            WHERE e.key >= r.start AND e.key < r.until ORDER BY e.key LIMIT r.most) x)
      END
  LOOP
    refused := refused || transaction;
    refusal := 'conflict';
    RETURN NEXT;
  END LOOP;

  -- Keys that were read as absent. Making them compares without a predicate lock: writers of new keys that are neighbours
  -- would otherwise be neighbours in the index too, and conflict.
  IF cardinality(new_key) > 0 THEN
    WITH made AS (
      INSERT INTO ${s}.entries AS e (key, value)
        SELECT n.key, n.value FROM unnest(new_transaction, new_key, new_value) AS n(transaction, key, value)
          WHERE n.transaction <> ALL (refused)
        ON CONFLICT (key) DO NOTHING RETURNING e.key
    ) SELECT coalesce(array_agg(made.key), '{}') INTO made FROM made;
    IF cardinality(made) < cardinality(new_key) THEN
      FOR transaction, key IN
        SELECT n.transaction, n.key FROM unnest(new_transaction, new_key) AS n(transaction, key)
          WHERE n.transaction <> ALL (refused) AND n.key <> ALL (made)
      LOOP
        refused := refused || transaction;
        refusal := 'conflict';
        RETURN NEXT;
      END LOOP;
    END IF;
  END IF;

  -- A limit: all adds of a counter at once, and only when that is too much one by one.
  FOR a IN
    SELECT t.key, t.most, sum(t.delta) AS delta, count(*) AS adds
      FROM unnest(add_transaction, add_key, add_delta, add_most) AS t(transaction, key, delta, most)
      WHERE t.most IS NOT NULL AND t.transaction <> ALL (refused) GROUP BY t.key, t.most ORDER BY t.key, t.most
  LOOP
    IF ${s}.counter_add_v1(a.key, a.delta, a.most, shard) THEN CONTINUE; END IF;
    FOR b IN
      SELECT t.transaction, t.delta
        FROM unnest(add_transaction, add_key, add_delta, add_most) AS t(transaction, key, delta, most)
        WHERE t.key = a.key AND t.most = a.most AND t.transaction <> ALL (refused) ORDER BY t.transaction
    LOOP
      IF a.adds > 1 AND ${s}.counter_add_v1(a.key, b.delta, a.most, shard) THEN CONTINUE; END IF;
      -- Other counters of it may have been added to: the caller sends such a transaction alone, and all is undone.
      IF (SELECT count(*) FROM unnest(add_transaction, add_most) AS t(transaction, most)
          WHERE t.transaction = b.transaction AND t.most IS NOT NULL) > 1 THEN
        RAISE EXCEPTION 'a counter would pass its limit' USING ERRCODE = '${SEVERAL_LIMITS}', DETAIL = encode(a.key, 'hex');
      END IF;
      refused := refused || b.transaction;
      transaction := b.transaction;
      refusal := 'limit';
      key := a.key;
      RETURN NEXT;
    END LOOP;
  END LOOP;

  -- Who was refused after all has made nothing.
  IF cardinality(refused) > 0 AND cardinality(new_key) > 0 THEN
    DELETE FROM ${s}.entries e WHERE e.key = ANY (made) AND e.key = ANY (ARRAY(
      SELECT n.key FROM unnest(new_transaction, new_key) AS n(transaction, key) WHERE n.transaction = ANY (refused)));
  END IF;

  FOR a IN
    SELECT t.key, sum(t.delta) AS delta
      FROM unnest(add_transaction, add_key, add_delta, add_most) AS t(transaction, key, delta, most)
      WHERE t.most IS NULL AND t.transaction <> ALL (refused) GROUP BY t.key ORDER BY t.key
  LOOP
    PERFORM ${s}.counter_add_v1(a.key, a.delta, NULL, shard);
  END LOOP;

  -- Written over or deleted, a counter loses its shards. Arrays and not joins: those may be planned as a scan.
  removed := ARRAY(SELECT p.key FROM unnest(put_transaction, put_key, put_value) AS p(transaction, key, value)
    WHERE p.value IS NULL AND p.transaction <> ALL (refused));
  IF cardinality(removed) > 0 THEN
    WITH gone AS (DELETE FROM ${s}.entries e WHERE e.key = ANY (removed) RETURNING e.key, e.value)
      SELECT array_agg(gone.key) INTO removed FROM gone WHERE gone.value IS NULL;
    IF removed IS NOT NULL THEN DELETE FROM ${s}.counters c WHERE c.key = ANY (removed); END IF;
  END IF;
  INSERT INTO ${s}.entries AS e (key, value)
    SELECT p.key, p.value FROM unnest(put_transaction, put_key, put_value) AS p(transaction, key, value)
      WHERE p.value IS NOT NULL AND p.transaction <> ALL (refused)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE e.value IS NOT NULL;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written = (SELECT count(*) FROM unnest(put_transaction, put_value) AS p(transaction, value)
      WHERE p.value IS NOT NULL AND p.transaction <> ALL (refused)) THEN RETURN; END IF;
  FOR a IN
    SELECT p.key, p.value FROM unnest(put_transaction, put_key, put_value) AS p(transaction, key, value)
      WHERE p.value IS NOT NULL AND p.transaction <> ALL (refused)
  LOOP
    UPDATE ${s}.entries e SET value = a.value WHERE e.key = a.key AND e.value IS NULL;
    IF FOUND THEN DELETE FROM ${s}.counters c WHERE c.key = a.key; END IF;
  END LOOP;
END
$$;
`;
