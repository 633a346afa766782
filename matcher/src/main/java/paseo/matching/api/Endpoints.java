package paseo.matching.api;

import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import paseo.matching.AccessTokens;
import paseo.matching.AccessTokens.Scope;
import paseo.matching.ApiDatabase;
import paseo.matching.AuditEntry;
import paseo.matching.CameraViews;
import paseo.matching.LedgerEntry;
import paseo.matching.Likenesses;
import paseo.matching.ReviewList;
import paseo.matching.Revisions;
import paseo.matching.Window;

/** What each operation of the document does, by its operationId. */
final class Endpoints {
    private static final String NO_PERSON = "there is no such person";
    private static final int NEIGHBOURS = 8;
    private static final int CANDIDATES = 3;
    /** Frames whose boxes come with a picture: sequences name their faces a little later. */
    private static final int RECENT_FRAMES = 16;

    private final ApiDatabase database;
    private final Window window;
    private final Likenesses likenesses;
    private final CameraViews cameras;
    private final ReviewList review;
    private final AccessTokens tokens;
    private final LiveEvents events;
    private final LivePictures pictures;
    private final SystemState system;
    private final CameraStore store;
    private final Map<String, Endpoint> all = new HashMap<>();

    Endpoints(
            ApiDatabase database,
            LiveEvents events,
            LivePictures pictures,
            SystemState system,
            CameraStore store,
            PhotoSearch photographs,
            OpenApi document) {
        this.database = database;
        this.window = database.window();
        this.likenesses = database.likenesses();
        this.cameras = database.cameras();
        this.review = database.review();
        this.tokens = database.tokens();
        this.events = events;
        this.pictures = pictures;
        this.system = system;
        this.store = store;
        PageFiles files = new PageFiles();
        all.put("page", call -> files.index());
        all.put("pageFile", call -> files.file(call.text("file")));
        all.put("document", call -> Answer.of("application/json", document.bytes(), "no-cache"));
        all.put("me", call -> Answer.json(Json.me(call.token().orElseThrow())));
        all.put("searchByPhotograph", photographs::search);
        seeing();
        correcting();
        answering();
        watching();
    }

    /** The endpoints by operationId. */
    Map<String, Endpoint> all() {
        return Map.copyOf(all);
    }

    private void seeing() {
        all.put("listPersons", call -> Answer.json(Json.list(window.persons(call.filter()))));
        all.put("getPerson", this::person);
        all.put(
                "listPersonSightings",
                call -> Answer.json(
                        Json.list(window.sightings(call.filter(), OptionalLong.of(call.number("person"))))));
        all.put(
                "listNeighbours",
                call -> Answer.json(Json.all(likenesses.neighbours(call.number("person"), NEIGHBOURS))));
        all.put("listSightings", call -> Answer.json(Json.list(window.sightings(call.filter(), OptionalLong.empty()))));
        all.put("getSequence", this::sequence);
        all.put(
                "listFaces",
                call -> Answer.json(Json.list(window.faces(call.uuid("sequence"), call.after(), call.limit()))));
        all.put(
                "listCandidates",
                call -> Answer.json(Json.all(likenesses.candidates(call.uuid("sequence"), CANDIDATES))));
        all.put("getShot", this::shot);
        all.put("listCameras", call -> Answer.json(Json.list(cameras.list(call.before(), call.limit()))));
        all.put("getScene", this::scene);
        all.put("listRevisions", this::revisions);
        all.put("listUndecided", call -> Answer.json(Json.list(review.undecided(call.before(), call.limit()))));
        all.put("listProposals", call -> Answer.json(Json.all(review.proposals(call.limit()))));
        all.put("listWatched", call -> Answer.json(Json.all(review.watched())));
        all.put("streamEvents", call -> new Answer.Live(events, call.token().orElseThrow(), call.lastEventId()));
        all.put("getSystem", call -> Answer.json(system.now(window.system())));
        TableExport exports = new TableExport(database.exports());
        all.put("exportSightings", exports::sightings);
        all.put("exportSequences", exports::sequences);
    }

    private void correcting() {
        all.put("mergePersons", call -> revised(by(call).merge(call.number("person"), other(call, "other"))));
        all.put("keepApart", call -> {
            by(call).keepApart(call.number("person"), other(call, "other"));
            return Answer.none();
        });
        all.put("splitSequence", call -> revised(by(call).split(call.uuid("sequence"))));
        all.put("reassignSequence", call -> revised(by(call).reassign(call.uuid("sequence"), other(call, "person"))));
        all.put("undoRevision", call -> revised(by(call).undo(call.number("position"))));
        all.put("watchPerson", call -> noneOr404(review.watch(call.number("person"), call.actor()), NO_PERSON));
        all.put(
                "unwatchPerson",
                call -> noneOr404(
                        review.unwatch(call.number("person"), call.actor()), "the number is not on the watch list"));
    }

    private void answering() {
        all.put(
                "erasePerson",
                call -> database.erasure(call.actor())
                        .person(call.number("person"))
                        .map(receipt -> Answer.json(Json.receipt(receipt)))
                        .orElseThrow(() -> Problem.notFound(NO_PERSON)));
        all.put(
                "optOutPerson",
                call -> database.erasure(call.actor())
                        .optOut(call.number("person"))
                        .map(receipt -> Answer.json(Json.receipt(receipt)))
                        .orElseThrow(() -> Problem.notFound(NO_PERSON)));
        all.put(
                "listOptOuts",
                call -> Answer.json(Json.all(database.erasure(call.actor()).optOuts().stream()
                        .map(Json::optOut)
                        .toList())));
        all.put(
                "optIn",
                call -> noneOr404(
                        database.erasure(call.actor()).optIn(call.number("id")),
                        "nobody has opted out under that number"));
        all.put("listAudit", this::audit);
        all.put(
                "verifyAudit",
                call -> Answer.json(Json.verification(database.audit().verify())));
        all.put(
                "listTokens",
                call -> Answer.json(
                        Json.all(tokens.all().stream().map(Json::token).toList())));
        all.put("issueToken", this::issue);
        all.put("revokeToken", call -> {
            boolean gone = tokens.revoke(call.actor(), call.number("id"));
            if (gone) {
                events.endOf(call.number("id"));
            }
            return noneOr404(gone, "there is no such token");
        });
    }

    private void watching() {
        all.put("listStoredCameras", call -> store.list());
        all.put("storeCamera", store::put);
        all.put("pauseCamera", call -> store.pause(call, true));
        all.put("resumeCamera", call -> store.pause(call, false));
        all.put("removeCamera", store::remove);
    }

    private Answer person(Call call) {
        return window.person(call.number("person")).map(Answer::json).orElseThrow(() -> Problem.notFound(NO_PERSON));
    }

    private Answer sequence(Call call) {
        return window.sequence(call.uuid("sequence"))
                .map(Answer::json)
                .orElseThrow(() -> Problem.notFound("there is no such sequence"));
    }

    /** A sequence's best shots never change once it is decided, and are nobody's business to keep for long. */
    private Answer shot(Call call) {
        return window.shot(call.uuid("sequence"), (int) call.number("ordinal"))
                .map(jpeg -> Answer.of("image/jpeg", jpeg, "private, max-age=60"))
                .orElseThrow(() -> Problem.notFound("there is no such shot"));
    }

    /** The latest picture whose faces are stored, so that boxes and picture are of one moment. */
    private Answer scene(Call call) {
        String camera = call.text("camera");
        List<LivePictures.Picture> recent = pictures.of(camera);
        if (recent.isEmpty()) {
            return Answer.none();
        }
        LivePictures.Picture newest = recent.get(0);
        long epoch = newest.frame().epoch();
        long stored = cameras.latestFrame(camera, epoch).orElse(-1);
        LivePictures.Picture shown = recent.stream()
                .filter(picture ->
                        picture.frame().epoch() == epoch && picture.frame().number() <= stored)
                .findFirst()
                .orElse(newest);
        byte[] jpeg = new byte[shown.jpeg().remaining()];
        shown.jpeg().duplicate().get(jpeg);
        return Answer.json(Json.object(
                "frame", shown.frame().number(),
                "seconds", shown.frame().captureTimeMicros() / 1e6,
                "width", shown.sourceWidth(),
                "height", shown.sourceHeight(),
                "boxes", cameras.boxes(camera, epoch, shown.frame().number(), RECENT_FRAMES),
                "jpeg", Base64.getEncoder().encodeToString(jpeg)));
    }

    private Answer revisions(Call call) {
        List<LedgerEntry> found = by(call).newest(call.before(), call.limit() + 1);
        List<LedgerEntry> part = found.subList(0, Math.min(found.size(), call.limit()));
        return Answer.json(Json.list(
                part.stream().map(Json::revision).toList(),
                found.size() > part.size()
                        ? OptionalLong.of(part.get(part.size() - 1).position())
                        : OptionalLong.empty()));
    }

    private Answer audit(Call call) {
        List<AuditEntry> found = database.audit().newest(call.before(), call.limit() + 1);
        List<AuditEntry> part = found.subList(0, Math.min(found.size(), call.limit()));
        return Answer.json(Json.list(
                part.stream().map(Json::audit).toList(),
                found.size() > part.size()
                        ? OptionalLong.of(part.get(part.size() - 1).position())
                        : OptionalLong.empty()));
    }

    private Answer issue(Call call) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        call.json().get("scopes").forEach(word -> scopes.add(Scope.of(word.asText())));
        AccessTokens.Issued issued = tokens.issue(
                call.actor(),
                call.json().get("name").asText(),
                scopes,
                Duration.ofDays(call.json().get("days").asInt()));
        return Answer.json(Json.issued(issued));
    }

    private Revisions by(Call call) {
        return database.revisions(call.actor());
    }

    private static long other(Call call, String member) {
        return call.json().get(member).asLong();
    }

    private static Answer revised(LedgerEntry entry) {
        return Answer.json(Json.revision(entry));
    }

    private static Answer noneOr404(boolean done, String otherwise) {
        if (!done) {
            throw Problem.notFound(otherwise);
        }
        return Answer.none();
    }
}
