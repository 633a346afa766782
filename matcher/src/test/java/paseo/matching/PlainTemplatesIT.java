package paseo.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import paseo.events.Embedding;

/** What a program before V14 has stored in plain is sealed, and everybody keeps their number. */
@Timeout(120)
@ExtendWith(ServersExtension.class)
class PlainTemplatesIT {
    private static final int PERSONS = 450;
    private static final int OPTED_OUT = 900;

    private final Servers servers;

    PlainTemplatesIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void storeAsBefore() throws Exception {
        servers.renew();
        DatabaseSettings settings = servers.database();
        Flyway.configure()
                .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
                .locations("classpath:paseo/matching/schema")
                .target("13")
                .load()
                .migrate();
        try (Connection connection = servers.connect()) {
            long session = new SessionRows(connection).idOf("hall", 1);
            Sql.update(connection, "INSERT INTO model_pack (name, dimension) VALUES (?, 16)", Recording.PACK);
            Sql.update(connection, """
                    CREATE TABLE template_pack_1 PARTITION OF template FOR VALUES IN (1)
                    PARTITION BY RANGE (sequence_no)
                    """);
            Sql.update(
                    connection, "CREATE TABLE template_1_0 PARTITION OF template_pack_1 FOR VALUES FROM (0) TO (8192)");
            Sql.update(connection, "INSERT INTO gallery_partition VALUES (1, 0, 8192)");
            Sql.update(connection, """
                    CREATE INDEX template_1_0_near ON template_1_0 USING hnsw ((embedding::halfvec(16)) halfvec_ip_ops)
                    WHERE person IS NOT NULL
                    """);
            Sql.update(connection, """
                    INSERT INTO sequence (id, session_id, track, phase, revision, first_frame, last_frame, first_us,
                        last_us, faces, usable, pack_id)
                    SELECT md5(i::text)::uuid, ?, i, 'OPENED', 0, i, i, 0, 0, 5, 5, 1 FROM generate_series(1, ?) AS i
                    """, session, PERSONS);
            Sql.update(
                    connection, "INSERT INTO person (number, first_sequence, pack_id) SELECT no, no, 1 FROM sequence");
            Sql.update(connection, """
                    UPDATE sequence SET phase = 'CLOSED', decision = 'NEW', person = no, decided_person = no,
                        threshold = 0.5, gallery_size = 0, calibration = 'test', settled = true
                    """);
            Sql.update(connection, """
                    INSERT INTO template (pack_id, sequence_no, ordinal, person, weight, concentration, face_count,
                        frame, face_index, capture_us, quality, yaw, pitch, roll, embedding, crop, dropped)
                    SELECT 1, i, 0, i, 2, 0.9, 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, v.text::halfvec, NULL, false
                    FROM unnest(?::text[]) WITH ORDINALITY AS v (text, i)
                    UNION ALL
                    SELECT 1, i, 1, CASE WHEN i <> 7 THEN i END, NULL, NULL, NULL, i, 0, 100000 * i, 0.5, 1, 2, 3,
                        v.text::halfvec, int8send(i), i = 7
                    FROM unnest(?::text[]) WITH ORDINALITY AS v (text, i)
                    """, looks(), looks());
            Sql.update(
                    connection,
                    "UPDATE person SET centre = t.embedding FROM template t WHERE t.ordinal = 0 AND t.person = number");
            Sql.update(connection, "INSERT INTO opted_out DEFAULT VALUES");
            Sql.update(
                    connection,
                    "INSERT INTO opted_out_template SELECT 1, 1, p.p, ?::halfvec FROM (VALUES (false), (true)) AS p (p)",
                    Vectors.text(Recording.person(OPTED_OUT)));
            Sql.update(connection, """
                    INSERT INTO face SELECT ?, i, 0, 'USABLE', 1, 2, 3, 4, .5, .5, 0, 0, 0, '{}', 1, v.text::halfvec
                    FROM unnest(?::text[]) WITH ORDINALITY AS v (text, i)
                    """, session, looks());
            Sql.update(connection, "INSERT INTO frame SELECT session_id, frame, 1, NULL, 9, 9, 0, 0 FROM face");
            Sql.update(connection, """
                    CREATE TABLE before AS
                    SELECT pack_id, sequence_no, ordinal, person, weight, concentration, face_count, frame, face_index,
                        capture_us, quality, yaw, pitch, roll, halfvec_send(embedding) AS halves, dropped, made_from
                    FROM template
                    """);
            Sql.update(connection, "CREATE TABLE centres AS SELECT number, halfvec_send(centre) AS halves FROM person");
        }
    }

    private static String[] looks() {
        return IntStream.rangeClosed(1, PERSONS)
                .mapToObj(person -> Vectors.text(Recording.person(person)))
                .toArray(String[]::new);
    }

    @Test
    @Tag("fault")
    @DisplayName("row 30: who is killed while sealing what is plain leaves what the next one goes on with")
    void plainTemplatesAreSealedHoweverOftenThatIsInterrupted() throws Exception {
        DatabaseSettings settings = servers.database();
        Schema.prepare(Database.source(settings, "test"), settings);
        servers.execute("""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                    RETURN NEW;
                END $$
                """);
        servers.execute("""
                CREATE TRIGGER die BEFORE INSERT ON sealed_template FOR EACH ROW WHEN (NEW.sequence_no = 333)
                EXECUTE FUNCTION die()
                """);
        assertThatThrownBy(() -> Database.open(settings))
                .isInstanceOf(UnusableDatabaseException.class)
                .satisfies(fault -> assertThat(((UnusableDatabaseException) fault).unreachable())
                        .isTrue());
        assertThat(servers.count("sealed_template")).isEqualTo(200);
        assertThat(servers.count("plain_template")).isEqualTo(2L * PERSONS);
        assertThat(servers.count("gallery_filled")).isZero();
        servers.execute("DROP TRIGGER die ON sealed_template");

        try (Database database = Database.open(settings)) {
            assertThat(servers.count("sealed_template")).isEqualTo(PERSONS);
            assertThat(servers.count("pg_class WHERE relname LIKE 'plain%'")).isZero();
            assertThat(servers.count("""
                    (SELECT * FROM before EXCEPT
                     SELECT pack_id, sequence_no, ordinal, person, weight, concentration, face_count, frame, face_index,
                         capture_us, quality, yaw, pitch, roll, halfvec_send(embedding), dropped, made_from
                     FROM template) AS d
                    """)).as("rows that are another").isZero();
            assertThat(servers.count("template")).isEqualTo(2L * PERSONS);
            assertThat(servers.count("""
                    centres c JOIN person_centre p ON p.person = c.number
                    WHERE halfvec_send(p.centre) = c.halves
                    """)).isGreaterThan(PERSONS * 9L / 10);
            assertThat(servers.count("person_centre")).isEqualTo(PERSONS);
            assertThat(servers.count("""
                    pg_class WHERE relkind = 'r' AND relpersistence <> 'u' AND relnamespace = 'public'::regnamespace
                        AND (relname LIKE 'template%' OR relname IN ('person_centre', 'opted_out_template'))
                    """)).as("tables that copies hold").isZero();
            assertThat(servers.count("pg_attribute WHERE attrelid = 'face'::regclass AND attname = 'embedding'"))
                    .isZero();
            assertThat(servers.count("face_block")).isEqualTo(2);
            assertThat(servers.count("table_purge"))
                    .as("tables in whose files plain vectors were, and are no more")
                    .isZero();
            Crowd crowd = new Crowd(database);
            assertThat(crowd.partitions()).containsExactly(new GalleryPartition((short) 1, 0, 8_192, 16, false));
            database.transaction(connection -> {
                assertThat(new Gallery(connection, (short) 1)
                                .near(Recording.template(Recording.person(333), 0, 0, 3), 0, Set.of()))
                        .filteredOn(candidate -> candidate.similarity() > 0.99)
                        .extracting(Candidate::person)
                        .containsExactly(333L);
                assertThat(new OptOuts(connection)
                                .near(Recording.template(Recording.person(OPTED_OUT), 0, 0, 3), (short) 1))
                        .singleElement()
                        .satisfies(found -> assertThat(found.similarity()).isGreaterThan(0.99));
                return true;
            });
        }
        try (Archive archive = Archive.open(settings)) {
            assertThat(archive.prototypes(440))
                    .singleElement()
                    .satisfies(shot -> assertThat(shot.crop().getLong(0)).isEqualTo(440));
            assertThat(archive.people()).hasSize(PERSONS);
            List<Embedding> faces = new ArrayList<>();
            archive.faces(
                    SessionFilter.all(), face -> faces.add(face.embedding().orElseThrow()));
            assertThat(faces).hasSize(PERSONS);
            assertThat(faces.get(299).similarity(Recording.person(300))).isGreaterThan(0.999f);
        }
        try (ApiDatabase database = ApiDatabase.open(settings)) {
            UUID seventh = UUID.fromString("8f14e45f-ceea-167a-5a36-dedd4bea2543");
            assertThat(database.window().shot(seventh, 1))
                    .as("of what is not searched, too")
                    .hasValue(new byte[] {0, 0, 0, 0, 0, 0, 0, 7});
            assertThat(database.window().shot(seventh, 2)).isEmpty();
            assertThat(database.window().shot(UUID.randomUUID(), 1)).isEmpty();
        }
    }
}
