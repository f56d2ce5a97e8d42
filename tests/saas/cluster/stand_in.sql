-- What stands in for Citus, which is not on the test server: the names and signatures of Citus 12 to 14 that the program
-- uses, in a real PostgreSQL. It keeps who lies where in tables of its own, refuses what Citus refuses as far as its
-- source says so, and writes down each move. It moves no rows: tables stay where they are.

CREATE SCHEMA citus;
CREATE TYPE citus.shard_transfer_mode AS ENUM ('auto', 'force_logical', 'block_writes');
GRANT USAGE ON SCHEMA citus TO PUBLIC;

CREATE TABLE public.pg_dist_node (
    nodeid int PRIMARY KEY, groupid int NOT NULL, nodename text NOT NULL, nodeport int NOT NULL,
    noderack text NOT NULL DEFAULT 'default', hasmetadata bool NOT NULL DEFAULT true, isactive bool NOT NULL DEFAULT true,
    noderole text NOT NULL DEFAULT 'primary', nodecluster name NOT NULL DEFAULT 'default',
    metadatasynced bool NOT NULL DEFAULT true, shouldhaveshards bool NOT NULL
);
INSERT INTO public.pg_dist_node (nodeid, groupid, nodename, nodeport, noderole, shouldhaveshards) VALUES
    (1, 0, 'coordinator.example', 5432, 'primary', false),
    (2, 1, 'first.example', 5432, 'primary', true),
    (3, 2, 'second.example', 5433, 'primary', true),
    (4, 2, 'second-standby.example', 5433, 'secondary', true);

CREATE TABLE public.pg_dist_schema (schemaid oid PRIMARY KEY, colocationid int UNIQUE NOT NULL);
CREATE TABLE public.pg_dist_partition (
    logicalrelid regclass NOT NULL, partmethod "char" NOT NULL, partkey text, colocationid int NOT NULL DEFAULT 0,
    repmodel "char" NOT NULL DEFAULT 'c'
);
CREATE TABLE public.stand_in_lies (colocationid int PRIMARY KEY, groupid int NOT NULL);
CREATE TABLE public.stand_in_moved (id int GENERATED ALWAYS AS IDENTITY, schema text, target text, mode text);
CREATE TABLE public.stand_in_plan (schema text, groupid int);
CREATE TABLE public.stand_in_switches (name text PRIMARY KEY, value text NOT NULL);

CREATE VIEW public.citus_shards AS
    SELECT t.oid::regclass AS table_name, t.oid::bigint AS shardid, t.relname || '_' || t.oid AS shard_name,
           'schema'::text AS citus_table_type, s.colocationid AS colocation_id, n.nodename, n.nodeport,
           pg_total_relation_size(t.oid) AS shard_size
      FROM pg_dist_schema s
      JOIN pg_class t ON t.relnamespace = s.schemaid AND t.relkind = 'r'
      JOIN stand_in_lies l ON l.colocationid = s.colocationid
      JOIN pg_dist_node n ON n.groupid = l.groupid;

CREATE FUNCTION public.run_command_on_workers(
    command text, parallel bool DEFAULT true, OUT nodename text, OUT nodeport int, OUT success bool, OUT result text
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    FOR nodename, nodeport IN
        SELECT n.nodename, n.nodeport FROM pg_dist_node n WHERE groupid > 0 AND noderole = 'primary' AND isactive
    LOOP
        success := NOT EXISTS (SELECT 1 FROM stand_in_switches s WHERE s.name = 'silent' AND s.value = nodename);
        result := 'connection refused';
        IF success THEN
            EXECUTE command INTO result;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE FUNCTION public.citus_schema_move(
    schema_id regnamespace, target_node_name text, target_node_port integer,
    shard_transfer_mode citus.shard_transfer_mode DEFAULT 'auto'
) RETURNS void LANGUAGE plpgsql STRICT AS $$
DECLARE
    target int := (SELECT groupid FROM pg_dist_node WHERE nodename = target_node_name AND nodeport = target_node_port);
    lame text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_dist_schema WHERE schemaid = schema_id) THEN
        RAISE EXCEPTION 'schema % is not a distributed schema', schema_id;
    END IF;
    IF shard_transfer_mode <> 'block_writes' THEN
        SELECT c.relname INTO lame FROM pg_class c
         WHERE c.relnamespace = schema_id AND c.relkind = 'r' AND (c.relpersistence = 'u' OR c.relreplident <> 'f'
               AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)) LIMIT 1;
        IF lame IS NOT NULL THEN
            RAISE EXCEPTION 'cannot use logical replication to transfer shards of the relation %', lame;
        END IF;
    END IF;
    PERFORM pg_sleep(s.value::float) FROM stand_in_switches s WHERE s.name = 'seconds';
    IF EXISTS (SELECT 1 FROM stand_in_switches s WHERE s.name = 'broken' AND s.value = schema_id::text) THEN
        RAISE EXCEPTION 'connection to the remote node %:% failed', target_node_name, target_node_port;
    END IF;
    UPDATE stand_in_lies SET groupid = target
     WHERE colocationid = (SELECT colocationid FROM pg_dist_schema WHERE schemaid = schema_id);
    INSERT INTO stand_in_moved (schema, target, mode)
    VALUES (schema_id::text, target_node_name || ':' || target_node_port, shard_transfer_mode::text);
END $$;

CREATE FUNCTION public.get_rebalance_table_shards_plan(
    relation regclass DEFAULT NULL, threshold float4 DEFAULT NULL, max_shard_moves int DEFAULT 1000000,
    excluded_shard_list bigint[] DEFAULT '{}', drain_only boolean DEFAULT false, rebalance_strategy name DEFAULT NULL,
    improvement_threshold float4 DEFAULT NULL
) RETURNS TABLE (table_name regclass, shardid bigint, shard_size bigint, sourcename text, sourceport int,
                 targetname text, targetport int) LANGUAGE sql AS $$
    SELECT s.table_name, s.shardid, s.shard_size, s.nodename, s.nodeport, n.nodename, n.nodeport
      FROM stand_in_plan p
      JOIN pg_dist_schema d ON d.schemaid = p.schema::regnamespace
      JOIN citus_shards s ON s.colocation_id = d.colocationid
      JOIN pg_dist_node o ON o.nodename = s.nodename AND o.nodeport = s.nodeport AND o.noderole = 'primary'
      JOIN pg_dist_node n ON n.groupid = p.groupid AND n.noderole = 'primary'
     WHERE o.groupid <> p.groupid
$$;

CREATE FUNCTION public.citus_rebalance_status(raw boolean DEFAULT false)
    RETURNS TABLE (job_id bigint, state text, job_type name, description text, started_at timestamptz,
                   finished_at timestamptz, details jsonb) LANGUAGE sql STRICT AS $$
    SELECT 7, s.value, 'rebalance'::name, 'Rebalance all colocation groups', timestamptz '2026-11-22 21:00Z', NULL::timestamptz, '{}'::jsonb
      FROM stand_in_switches s WHERE s.name = 'rebalance'
$$;

CREATE FUNCTION public.get_rebalance_progress()
    RETURNS TABLE (sessionid integer, table_name regclass, shardid bigint, shard_size bigint, sourcename text,
                   sourceport int, targetname text, targetport int, progress bigint, source_shard_size bigint,
                   target_shard_size bigint, operation_type text, source_lsn pg_lsn, target_lsn pg_lsn, status text)
    LANGUAGE sql STRICT AS $$
    SELECT 1, c.oid::regclass, 1, 1, 'first.example', 5432, 'second.example', 5433, 1, 1, 1, 'move',
           NULL::pg_lsn, NULL::pg_lsn, 'Copying Data'
      FROM stand_in_switches s JOIN pg_class c ON c.relnamespace = s.value::regnamespace AND c.relkind = 'r'
     WHERE s.name = 'moving'
$$;

GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
