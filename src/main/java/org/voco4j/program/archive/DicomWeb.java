package org.voco4j.program.archive;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.voco4j.file.AtomicFile;
import org.voco4j.recipe.UsageException;
import org.voco4j.run.RunLog;
import org.voco4j.volume.format.dicom.Uid;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An archive that speaks DICOMweb (PS3.18): queries (QIDO-RS, section 10.6), objects as files (WADO-RS, section 10.4) and
 * storing them (STOW-RS, section 10.5).
 *
 * <p>Failures are one sentence with the address. What may pass is tried again, five times in all.
 */
public final class DicomWeb {
    private static final String JSON = "application/dicom+json";
    private static final String STUDY = "0020000D";
    private static final String SERIES = "0020000E";
    private static final String INSTANCE = "00080018";
    private static final String MODALITY = "00080060";
    private static final int PAGE = 1000; // entries to ask for at once
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_JSON = 1 << 26; // bytes of one answer to a query
    private static final long MOST_OBJECT = 1L << 32; // bytes of one object

    private final URI base;
    private final Requests requests;

    private DicomWeb(URI base, Requests requests) {
        this.base = base;
        this.requests = requests;
    }

    /**
     * A series in an archive.
     *
     * @param study its study's UID
     * @param uid its own
     * @param modality such as CT; empty if the archive does not say
     */
    public record Series(String study, String uid, String modality) {}

    /**
     * An archive; nothing is asked of it yet.
     *
     * @param url of its DICOMweb service, such as {@code https://pacs.example/dicom-web}
     * @param environment with the login: {@code VOCO_DICOMWEB_TOKEN}, or {@code VOCO_DICOMWEB_USER} and
     *     {@code VOCO_DICOMWEB_PASSWORD}
     * @param log is told of further attempts
     * @throws UsageException if the address or the login cannot be used
     */
    public static DicomWeb at(String url, Map<String, String> environment, RunLog log) {
        return at(url, environment, Patience.USUAL, log);
    }

    static DicomWeb at(String url, Map<String, String> environment, Patience patience, RunLog log) {
        URI base;
        try {
            base = URI.create(url.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--dicomweb: expected an address such as https://pacs.example/dicom-web");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new UsageException(
                    "--dicomweb: expected an address without a login, ? and #; " + ArchiveLogin.ADVICE);
        }
        String scheme = String.valueOf(base.getScheme());
        if (base.getHost() == null || !Set.of("http", "https").contains(scheme)) {
            throw new UsageException("--dicomweb: expected an address such as https://pacs.example/dicom-web, found "
                    + ServerWords.shortened(url));
        }
        ArchiveLogin login = ArchiveLogin.of(environment);
        if (scheme.equals("http") && login.header() != null && !isHere(base.getHost())) {
            log.warn("--dicomweb: over http:// the login and the scans can be read on the way; https:// prevents it.");
        }
        return new DicomWeb(base, new Requests(login, patience, log));
    }

    private static void require(String option, String uid) {
        if (!Uid.is(uid)) {
            throw new UsageException(option + ": expected a UID such as 1.2.840.113619.2.55, found '"
                    + ServerWords.shortened(uid) + "'");
        }
    }

    private static boolean isHere(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /**
     * The series of a study, in the archive's order.
     *
     * @throws UsageException if the archive has no such study
     */
    public List<Series> seriesOf(String study) throws IOException {
        require("--study", study);
        List<Series> series = new ArrayList<>();
        for (JsonNode entry : entries("/studies/" + study + "/series", "", SERIES)) {
            series.add(new Series(study, text(entry, SERIES), modality(entry)));
        }
        if (series.isEmpty()) {
            throw new UsageException("--study: the archive has no study " + study);
        }
        return series;
    }

    /**
     * A series of which the study is not known.
     *
     * @throws UsageException if the archive has no such series
     */
    public Series series(String uid) throws IOException {
        require("--series", uid);
        for (JsonNode entry : entries("/series", SERIES + "=" + uid, SERIES)) {
            if (text(entry, SERIES).equals(uid) && Uid.is(text(entry, STUDY))) {
                return new Series(text(entry, STUDY), uid, modality(entry));
            }
        }
        throw new UsageException("--series: the archive has no series " + uid
                + ", or finds none without its study, which --study names");
    }

    /** Fit to be shown. */
    private static String modality(JsonNode entry) {
        return ServerWords.shortened(text(entry, MODALITY));
    }

    /**
     * A series of a study.
     *
     * @throws UsageException if the study has no such series
     */
    public Series series(String study, String uid) throws IOException {
        List<Series> found = seriesOf(study);
        return found.stream()
                .filter(one -> one.uid().equals(uid))
                .findFirst()
                .orElseThrow(() -> new UsageException("--series: expected a series of the study "
                        + String.join(
                                ", ",
                                found.stream()
                                        .map(one -> one.uid() + " (" + one.modality() + ")")
                                        .toList())
                        + ", found " + ServerWords.shortened(uid)));
    }

    /** The UIDs of a series' objects, in the archive's order. */
    public List<String> instances(Series series) throws IOException {
        List<String> uids = new ArrayList<>();
        for (JsonNode entry : entries(path(series) + "/instances", "", INSTANCE)) {
            uids.add(text(entry, INSTANCE));
        }
        return uids;
    }

    /**
     * Writes an object as the archive holds it, in whatever transfer syntax, to a file that is there only when it is whole.
     *
     * @return its bytes
     */
    public long fetch(Series series, String instance, Path file) throws IOException {
        return requests.get(
                uri(path(series) + "/instances/" + instance, ""),
                "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
                answer -> {
                    MultipartReader parts = new MultipartReader(answer.body(), answer.type(), answer.from());
                    if (!parts.next()) {
                        throw ArchiveFailure.lasting(answer.from() + ": the answer holds no object");
                    }
                    long[] bytes = new long[1];
                    AtomicFile.writeShared(file, out -> {
                        ObjectHead object = new ObjectHead(out);
                        bytes[0] = parts.copy(object, MOST_OBJECT);
                        if (!instance.equals(object.instance())) {
                            throw ArchiveFailure.lasting(answer.from() + ": expected the object " + instance
                                    + ", found " + (object.instance() == null ? "no DICOM file" : object.instance()));
                        }
                    });
                    while (parts.next()) {
                        parts.copy(OutputStream.nullOutputStream(), MOST_OBJECT);
                    }
                    return bytes[0];
                });
    }

    /**
     * Stores an object; one that the archive has already stays as it is there.
     *
     * @param file of DICOM
     * @return the archive's warning; empty if it stored the object as it is
     */
    public String store(Path file) throws IOException {
        String instance = ObjectHead.instance(file);
        if (instance == null) {
            throw new IOException(file + ": expected a DICOM file, found another");
        }
        String boundary = "voco-" + UUID.randomUUID();
        String type = "application/dicom";
        return requests.post(
                uri("/studies", ""),
                JSON,
                "multipart/related; type=\"" + type + "\"; boundary=" + boundary,
                part(file, type, boundary),
                Set.of(StoreAnswer.CONFLICT),
                answer -> StoreAnswer.of(answer, instance));
    }

    private static BodyPublisher part(Path file, String type, String boundary) throws FileNotFoundException {
        return BodyPublishers.concat(
                BodyPublishers.ofString("--" + boundary + "\r\nContent-Type: " + type + "\r\n\r\n"),
                BodyPublishers.ofFile(file),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    }

    private static String path(Series series) {
        return "/studies/" + series.study() + "/series/" + series.uid();
    }

    private URI uri(String path, String query) {
        return URI.create(base + path + (query.isEmpty() ? "" : "?" + query));
    }

    /** All entries that match, page by page, until a page holds nothing new. */
    private List<JsonNode> entries(String path, String query, String key) throws IOException {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        while (true) {
            int before = entries.size();
            String page = "limit=" + PAGE + "&offset=" + before;
            URI asked = uri(path, query.isEmpty() ? page : query + "&" + page);
            for (JsonNode entry : requests.get(asked, JSON, DicomWeb::json)) {
                String uid = text(entry, key);
                if (!Uid.is(uid)) {
                    throw ArchiveFailure.lasting(
                            asked + ": expected a UID in " + key + ", found '" + ServerWords.shortened(uid) + "'");
                }
                entries.put(uid, entry);
            }
            if (entries.size() > MOST_ENTRIES) {
                throw ArchiveFailure.lasting(asked + ": the archive lists more than " + MOST_ENTRIES + " entries");
            }
            if (entries.size() == before) {
                return List.copyOf(entries.values());
            }
        }
    }

    /** The list in an answer; an empty body is an empty list (status 204). */
    static JsonNode json(Requests.Answer answer) throws IOException {
        byte[] body = answer.body().readNBytes(MOST_JSON + 1);
        if (body.length > MOST_JSON) {
            throw ArchiveFailure.lasting(answer.from() + ": the answer is longer than " + MOST_JSON + " bytes");
        }
        try {
            return body.length == 0
                    ? JsonMapper.shared().createArrayNode()
                    : JsonMapper.shared().readTree(body);
        } catch (JacksonException other) {
            throw ArchiveFailure.lasting(
                    answer.from() + ": expected " + JSON + ", found "
                            + (answer.type().isEmpty() ? "something else" : ServerWords.shortened(answer.type())),
                    other);
        }
    }

    /** The first value of an attribute (PS3.18 annex F); empty if there is none. */
    static String text(JsonNode entry, String tag) {
        return entry.path(tag).path("Value").path(0).asString("");
    }
}
